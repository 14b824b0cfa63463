import { createPool } from '../../services/lib/store/src/sql.ts'
import { type Change, changesOf, readTables, type Table, writeChange } from './shadow-table.ts'

const REAL = 'chain'
const SHADOW = 'bare'

/**
 * Copies of the chain service's tables, indexes and all, in the same database. What the service writes is written here once more, in one
 * transaction of UNNEST statements and nothing else: how fast the database alone can take these very rows.
 */
export class Shadow implements AsyncDisposable {
  readonly #sql: ReturnType<typeof createPool>
  readonly #tables: readonly Table[]

  private constructor(sql: ReturnType<typeof createPool>, tables: readonly Table[]) {
    this.#sql = sql
    this.#tables = tables
  }

  static async open(url: string): Promise<Shadow> {
    const sql = createPool({ url, schema: SHADOW, max: 2, onnotice: () => undefined })
    await sql`CREATE SCHEMA ${sql(SHADOW)}`
    const shadow = new Shadow(sql, await readTables(sql, REAL, SHADOW))
    for (const { name, real, bare } of shadow.#tables) {
      await sql`CREATE TABLE ${bare} (LIKE ${real} INCLUDING ALL)`
      if (shadow.#tables.length === 0) throw new Error(`the chain has no table ${name}`)
    }
    await shadow.catchUp()
    return shadow
  }

  /** Brings the copies to where the service's tables are, untimed. */
  async catchUp(): Promise<void> {
    await this.write(await this.changes())
    await this.#sql`VACUUM ANALYZE`
  }

  /** What the service has changed since the last write here. */
  async changes(): Promise<Change[]> {
    const changes: Change[] = []
    for (const table of this.#tables) changes.push(await changesOf(this.#sql, table))
    return changes.filter(({ inserted, updated, deleted }) => inserted.length + updated.length + deleted.length > 0)
  }

  /** Writes changes in one transaction. @returns milliseconds, from the first statement to the commit */
  async write(changes: readonly Change[]): Promise<number> {
    const start = performance.now()
    await this.#sql.begin(async (tx) => {
      await Promise.all(changes.flatMap((change) => writeChange(tx, change)))
    })
    return performance.now() - start
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql.end({ timeout: 5 })
  }
}

/** How many rows changes write. */
export const rowsOf = (changes: readonly Change[]): number =>
  changes.reduce((sum, { inserted, updated, deleted }) => sum + inserted.length + updated.length + deleted.length, 0)

/**
 * The changes of a row of `count` blocks as `count` sets of the same size: each gets its share of the new and the gone rows, and all of
 * those that are updated, since every block moves the tip.
 */
export function shares(changes: readonly Change[], count: number): Change[][] {
  const part = <T>(rows: readonly T[], i: number) =>
    rows.slice(Math.floor((rows.length * i) / count), Math.floor((rows.length * (i + 1)) / count))
  return Array.from({ length: count }, (_, i) =>
    changes.map(({ table, inserted, updated, deleted }) => ({
      table,
      inserted: part(inserted, i),
      updated: updated.length <= 2 ? updated : part(updated, i),
      deleted: part(deleted, i),
    })),
  )
}
