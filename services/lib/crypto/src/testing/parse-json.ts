import { utf8Decode } from '../bytes.ts'
import { VectorFileError } from './vector-file-error.ts'

/** No vector has a longer one. */
const WHOLE_NUMBER = /^-?\d{1,30}$/

/** What a file's JSON holds, a whole number beyond ±2^53 being a bigint of all its digits. @throws VectorFileError where it is not JSON */
export function parseVectorJson(file: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(withoutMark(file)), revive)
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new VectorFileError('BAD_FILE', `It is not JSON (${what}).`, { cause })
  }
}

/** Some editors put a byte order mark before UTF-8, which JSON does not know. */
function withoutMark(file: Uint8Array): Uint8Array {
  return file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf ? file.subarray(3) : file
}

/** @param context since ES2026: of a number, its text in the file */
function revive(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source ?? ''
  return typeof value === 'number' && !Number.isSafeInteger(value) && WHOLE_NUMBER.test(source) ? BigInt(source) : value
}
