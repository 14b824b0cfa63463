import postgres from 'postgres'

const DUPLICATE_DATABASE = '42P04'

/** Creates `name` on the server that `url` points to, unless it is there. */
export async function createDatabase(url: string, name: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined })
  try {
    await sql`create database ${sql(name)}`
  } catch (error) {
    if (!(error instanceof postgres.PostgresError && error.code === DUPLICATE_DATABASE)) throw error
  } finally {
    await sql.end({ timeout: 2 })
  }
}
