import { VectorFileError } from './vector-file-error.ts'

// Vector files come as `unknown`: these narrow them, and refuse by name a file or a row of another form.

export function asArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw otherThan('a list', value)
  return value
}

export function asText(value: unknown): string {
  if (typeof value !== 'string') throw otherThan('text', value)
  return value
}

export function asInteger(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw otherThan('a whole number', value)
  return Number(value)
}

/** A whole number of any size: those beyond ±2^53 are bigints already. */
export function asBigInt(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt(asInteger(value))
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw otherThan('an object', value)
  return { ...value }
}

const SHOWN_CHARACTERS = 60

function otherThan(expected: string, value: unknown): VectorFileError {
  const shown = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value))
  const short = shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS)}…` : shown
  return new VectorFileError('BAD_FILE', `${expected} was expected where ${short} stands.`)
}
