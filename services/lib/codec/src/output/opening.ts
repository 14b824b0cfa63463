import { assertAtMost, ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { CodecError } from '../codec-error.ts'
import { JOB_LIMITS } from '../job/job.ts'
import { readTokenIds, writeTokenIds } from '../job/token-ids.ts'

export const SALT_BYTES = 32

/** Bytes of an output's text at most: 32 for each of the most tokens there can be. */
export const MAX_OUTPUT_TEXT_BYTES = 32 * JOB_LIMITS.maxTokens

/** Counts, ids, text and salt of the largest output. */
export const MAX_OPENING_BYTES = 4 + 4 * JOB_LIMITS.maxTokens + 5 + MAX_OUTPUT_TEXT_BYTES + SALT_BYTES

/** What opens an outputHash: the plaintext of a delivery, and evidence kind 1 (protocol: Job, Disputes). */
export interface Opening {
  readonly tokenIds: readonly number[]
  /** The detokeniser's bytes, which need not be whole UTF-8. */
  readonly text: Uint8Array
  /** 32 bytes. */
  readonly salt: Uint8Array
}

/** tokenCount u32 · ids u32 each · text bytes · salt 32. @throws CodecError TOO_LONG, BAD_LENGTH, OUT_OF_RANGE */
export function encodeOpening(opening: Opening): Uint8Array {
  if (opening.tokenIds.length > JOB_LIMITS.maxTokens || opening.text.length > MAX_OUTPUT_TEXT_BYTES) {
    throw new CodecError('TOO_LONG', 'The output has more tokens or text than an opening may hold.')
  }
  const writer = new ByteWriter()
  writeTokenIds(writer, opening.tokenIds)
  return writer.varBytes(opening.text).fixed(opening.salt, SALT_BYTES).finish()
}

/** @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, NON_CANONICAL_SIZE */
export function decodeOpening(bytes: Uint8Array): Opening {
  assertAtMost(bytes, MAX_OPENING_BYTES, 'The opening')
  const reader = new ByteReader(bytes)
  const tokenIds = readTokenIds(reader, JOB_LIMITS.maxTokens)
  const text = reader.varBytes(MAX_OUTPUT_TEXT_BYTES)
  const salt = reader.bytes(SALT_BYTES)
  reader.end()
  return { tokenIds, text, salt }
}
