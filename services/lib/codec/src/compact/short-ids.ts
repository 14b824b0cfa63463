import { concatBytes, SipHash, sha256 } from '@camelid/crypto'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { CodecError, MALFORMED_SCORE } from '../codec-error.ts'

/** Bytes of a short id of a transaction (BIP152). */
export const SHORT_ID_BYTES = 6
const KEY_BYTES = 16
const TWO_32 = 0x1_0000_0000
const TWO_16 = 0x1_0000

/**
 * Short ids of transactions in one compact block, as BIP152 has them: the low 48 bits of SipHash-2-4 over the txid, under the first
 * 16 bytes of SHA-256(header ‖ nonce), so that nobody can prepare collisions before the block is mined, nor for the nonce of another node.
 */
export class ShortIds {
  readonly #hash: SipHash

  /** @param header its 80 bytes */
  constructor(header: Uint8Array, nonce: bigint) {
    const key = sha256(concatBytes(header, new ByteWriter().u64(nonce).finish()))
    this.#hash = new SipHash(key.subarray(0, KEY_BYTES))
  }

  /** Below 2^48. */
  of(txid: Uint8Array): number {
    return this.#hash.hash48(txid)
  }
}

/** Six bytes each, little-endian, one after another. */
export function encodeShortIds(ids: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * SHORT_ID_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [i, id] of ids.entries()) {
    view.setUint32(i * SHORT_ID_BYTES, id % TWO_32, true)
    view.setUint16(i * SHORT_ID_BYTES + 4, Math.floor(id / TWO_32) % TWO_16, true)
  }
  return bytes
}

/** @throws CodecError BAD_LENGTH where they are not whole */
export function decodeShortIds(bytes: Uint8Array): number[] {
  if (bytes.length % SHORT_ID_BYTES !== 0)
    throw new CodecError('BAD_LENGTH', `short ids have ${SHORT_ID_BYTES} bytes each, these are ${bytes.length}`, {
      score: MALFORMED_SCORE,
    })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from(
    { length: bytes.length / SHORT_ID_BYTES },
    (_, i) => view.getUint16(i * SHORT_ID_BYTES + 4, true) * TWO_32 + view.getUint32(i * SHORT_ID_BYTES, true),
  )
}
