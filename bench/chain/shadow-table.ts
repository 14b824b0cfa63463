import type { AnySql, Sql } from '@camelid/store'

type Row = Readonly<Record<string, unknown>>

export interface Table {
  readonly name: string
  /** Quoted names of the service's table and of its copy. */
  readonly real: Fragment
  readonly bare: Fragment
  readonly columns: readonly Column[]
  /** Columns of the primary key. */
  readonly key: readonly Column[]
}

interface Column {
  readonly name: string
  /** Such as "bytea". */
  readonly type: string
  readonly oid: number
}

export interface Change {
  readonly table: Table
  readonly inserted: readonly Row[]
  readonly updated: readonly Row[]
  /** The keys alone. */
  readonly deleted: readonly Row[]
}

/** Every table of a schema that has a primary key. */
export async function readTables(sql: Sql, schema: string, copies: string): Promise<Table[]> {
  const rows = await sql<{ table: string; column: string; type: string; oid: number; in_key: boolean }[]>`
    SELECT c.relname AS table, a.attname AS column, t.typname AS type, t.oid::int4 AS oid,
           a.attnum = ANY (i.indkey::int2[]) AS in_key
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE n.nspname = ${schema} AND c.relkind = 'r' AND a.attgenerated = ''
    ORDER BY c.relname, a.attnum`
  const byName = Map.groupBy(rows, ({ table }) => table)
  return [...byName].map(([name, columns]) => {
    const named = columns.map(({ column, type, oid, in_key }) => ({ name: column, type, oid, inKey: in_key }))
    return {
      name,
      real: sql<Row[]>`${sql(schema)}.${sql(name)}`,
      bare: sql<Row[]>`${sql(copies)}.${sql(name)}`,
      columns: named,
      key: named.filter(({ inKey }) => inKey),
    }
  })
}

/** Three queries: rows that the service's table has and the copy lacks, that differ, and that are gone. */
export async function changesOf(sql: Sql, table: Table): Promise<Change> {
  const { real, bare, columns, key } = table
  const names = namesOf(sql, columns)
  const onKey = allOf(
    sql,
    key.map(({ name }) => sql<Row[]>`r.${sql(name)} = b.${sql(name)}`),
  )
  const values = (alias: string) =>
    listOf(
      sql,
      columns.map(({ name }) => sql<Row[]>`${sql(alias)}.${sql(name)}`),
    )
  const missing = (from: Fragment, other: Fragment, selected: Fragment) => sql<Row[]>`
    SELECT ${selected} FROM ${from} b WHERE NOT EXISTS (SELECT 1 FROM ${other} r WHERE ${onKey})`
  return {
    table,
    inserted: await missing(real, bare, names),
    updated: await sql<Row[]>`
      SELECT ${values('r')} FROM ${real} r JOIN ${bare} b ON ${onKey}
      WHERE ROW (${values('r')}) IS DISTINCT FROM ROW (${values('b')})`,
    deleted: await missing(bare, real, namesOf(sql, key)),
  }
}

/** The statements that write a change, to be sent without waiting for each. */
export function writeChange(sql: AnySql, { table, inserted, updated, deleted }: Change): PromiseLike<unknown>[] {
  const { bare, columns, key } = table
  const names = namesOf(sql, columns)
  const statements: PromiseLike<unknown>[] = []
  const onKey = allOf(
    sql,
    key.map(({ name }) => sql<Row[]>`t.${sql(name)} = gone.${sql(name)}`),
  )
  const keyNames = namesOf(sql, key)
  if (deleted.length > 0)
    statements.push(
      sql<Row[]>`DELETE FROM ${bare} t USING ${unnest(sql, key, deleted)} AS gone (${keyNames}) WHERE ${onKey}`,
    )
  if (inserted.length > 0)
    statements.push(
      sql<
        Row[]
      >`INSERT INTO ${bare} (${names}) OVERRIDING SYSTEM VALUE SELECT * FROM ${unnest(sql, columns, inserted)}`,
    )
  const others = columns.filter(({ name }) => !key.some((one) => one.name === name))
  if (updated.length > 0 && others.length > 0) {
    const set = listOf(
      sql,
      others.map(({ name }) => sql<Row[]>`${sql(name)} = gone.${sql(name)}`),
    )
    statements.push(
      sql<Row[]>`UPDATE ${bare} t SET ${set} FROM ${unnest(sql, columns, updated)} AS gone (${names}) WHERE ${onKey}`,
    )
  }
  return statements
}

/** unnest of one array a column, as the service's own statements have it. */
function unnest(sql: AnySql, columns: readonly Column[], rows: readonly Row[]) {
  const arrays = columns.map(({ name, type, oid }) => {
    // Whatever came out of a column of this type goes into one.
    const values = rows.map((row) => row[name]) as string[]
    return sql<Row[]>`${sql.array(values, oid)}::${sql.unsafe(`${type}[]`)}`
  })
  return sql<Row[]>`unnest(${listOf(sql, arrays)})`
}

/** A part of a statement. */
type Fragment = ReturnType<typeof nothing>
const nothing = (sql: AnySql) => sql<Row[]>``

function namesOf(sql: AnySql, columns: readonly Column[]): Fragment {
  return listOf(
    sql,
    columns.map(({ name }) => sql<Row[]>`${sql(name)}`),
  )
}

function listOf(sql: AnySql, parts: readonly Fragment[]): Fragment {
  return parts.reduce((list, part) => sql<Row[]>`${list}, ${part}`)
}

function allOf(sql: AnySql, parts: readonly Fragment[]): Fragment {
  return parts.reduce((all, part) => sql<Row[]>`${all} AND ${part}`)
}
