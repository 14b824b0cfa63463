/**
 * Arrays for `unnest` and `ANY` as the text that PostgreSQL reads; each stands with a cast such as `::bytea[]`. postgres.js's own arrays would
 * look for quotes in every element, which takes as long as the database does.
 */
export function byteaArray(values: readonly Uint8Array[]): string {
  return arrayOf(values.map(hexElement))
}

export function nullableByteaArray(values: readonly (Uint8Array | null)[]): string {
  return arrayOf(values.map((value) => (value === null ? 'NULL' : hexElement(value))))
}

export function int4Array(values: readonly number[]): string {
  return arrayOf(values)
}

export function int8Array(values: readonly bigint[]): string {
  return arrayOf(values)
}

export function boolArray(values: readonly boolean[]): string {
  return arrayOf(values)
}

const arrayOf = (elements: readonly (string | number | bigint | boolean)[]): string => `{${elements.join(',')}}`

const hexElement = (bytes: Uint8Array): string => `"\\\\x${asBuffer(bytes).toString('hex')}"`

/**
 * Items of one length one after another, to be taken apart by `substring`: half the work of an array, for us and for the database, where
 * there are thousands.
 */
export function packed(items: readonly Uint8Array[]): Buffer {
  return Buffer.concat(items)
}

/** For megabytes, with `decode(…, 'base64')`: two thirds of the hex that they would travel and wait as. */
export function base64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64')
}

/** A view, not a copy: postgres.js takes Buffers for bytea. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
