import postgres from 'postgres'

const DUPLICATE_DATABASE = '42P04'

/** Creates `name` on the server that `url` points to, unless it is there. */
export async function createDatabase(url: string, name: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined })
  try {
    // Asked first: the server would write each refused attempt to its log as an error.
    const [known] = await sql`select from pg_database where datname = ${name}`
    if (!known) await sql`create database ${sql(name)}`
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof postgres.PostgresError && error.code === DUPLICATE_DATABASE)) throw error
  } finally {
    await sql.end({ timeout: 2 })
  }
}
