import { type ByteReader, malformed } from '../bytes/byte-reader.ts'
import type { ByteWriter } from '../bytes/byte-writer.ts'

const TOKEN_ID_BYTES = 4

/** count u32 · ids u32 each. */
export function writeTokenIds(writer: ByteWriter, ids: readonly number[]): void {
  writer.u32(ids.length)
  for (const id of ids) writer.u32(id)
}

/** @throws CodecError TOO_LONG above `max` ids, TRUNCATED before memory is taken for ids that are not there */
export function readTokenIds(reader: ByteReader, max: number): number[] {
  const count = reader.u32()
  if (count > max) throw malformed('TOO_LONG', `${count} token ids are given; at most ${max} are allowed.`)
  if (count * TOKEN_ID_BYTES > reader.remaining) {
    throw malformed('TRUNCATED', `${count} token ids are announced, ${reader.remaining} bytes follow.`)
  }
  const ids: number[] = []
  for (let i = 0; i < count; i++) ids.push(reader.u32())
  return ids
}
