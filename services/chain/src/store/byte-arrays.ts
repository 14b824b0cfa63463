import type { AnySql } from '@camelid/store'

const BYTEA = 17
const INT4 = 23
const INT8 = 20
const BOOL = 16

/** Parameters for `unnest`: postgres.js needs the element types said. */
export function byteaArray(sql: AnySql, values: readonly Uint8Array[]) {
  return sql.array(values.map(asBuffer), BYTEA)
}

export function nullableByteaArray(sql: AnySql, values: readonly (Uint8Array | null)[]) {
  return sql.array(
    values.map((value) => (value === null ? null : asBuffer(value))),
    BYTEA,
  )
}

export function int4Array(sql: AnySql, values: readonly number[]) {
  return sql.array([...values], INT4)
}

export function int8Array(sql: AnySql, values: readonly bigint[]) {
  return sql.array([...values], INT8)
}

export function boolArray(sql: AnySql, values: readonly boolean[]) {
  return sql.array([...values], BOOL)
}

/**
 * Items of one length one after another, to be taken apart by `substring`: half the work of an array, for us and for the database, where
 * there are thousands.
 */
export function packed(items: readonly Uint8Array[]): Buffer {
  return Buffer.concat(items)
}

/** A view, not a copy: postgres.js takes Buffers for bytea. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
