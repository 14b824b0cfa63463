import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

/** One row; integers come as bigint (`setReadBigInts`), because amounts pass 2^53. */
export type Row = Record<string, SQLOutputValue>

/** A prepared statement whose integers are bigints. */
export function prepare(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql)
  statement.setReadBigInts(true)
  return statement
}

/** All rows, bounded by the statement's own LIMIT or by what we stored ourselves. */
export function all(statement: StatementSync, ...values: SQLInputValue[]): Row[] {
  return statement.all(...values)
}

export function one(statement: StatementSync, ...values: SQLInputValue[]): Row | undefined {
  return statement.get(...values)
}

class ColumnError extends TypeError {
  constructor(column: string, wanted: string) {
    super(`the column "${column}" is not ${wanted}: the SQLite file is damaged or newer than this program`)
  }
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new ColumnError(column, 'a blob')
  return value
}

export function amount(row: Row, column: string): bigint {
  const value = row[column]
  if (typeof value !== 'bigint') throw new ColumnError(column, 'an integer')
  return value
}

export function int(row: Row, column: string): number {
  return Number(amount(row, column))
}

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new ColumnError(column, 'a text')
  return value
}

/** `null` where the column is NULL, else what `read` makes of it. */
export function nullable<T>(row: Row, column: string, read: (row: Row, column: string) => T): T | null {
  return row[column] === null ? null : read(row, column)
}
