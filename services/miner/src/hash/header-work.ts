import { compress } from './compress.ts'
import { INITIAL_STATE } from './sha256-constants.ts'

/** Everything about one 80-byte header that does not depend on its nonce. */
export interface HeaderWork {
  /** SHA-256 state after the header's first 64 bytes. */
  readonly midstate: Int32Array
  /** Bytes 64…75 as big-endian words: the end of the merkle root, the time, the bits. */
  readonly tail: Int32Array
  /** The target as eight 32-bit words, most significant first. */
  readonly target: Uint32Array
}

/**
 * @param header 80 bytes (protocol: Block); the nonce at its end is ignored
 * @param target 32 bytes, little-endian; a hash at or below it wins
 */
export function headerWork(header: Uint8Array, target: Uint8Array): HeaderWork {
  const bytes = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const midstate = INITIAL_STATE.slice()
  const schedule = new Int32Array(64)
  for (let i = 0; i < 16; i++) schedule[i] = bytes.getInt32(4 * i)
  compress(midstate, schedule)
  const tail = Int32Array.of(bytes.getInt32(64), bytes.getInt32(68), bytes.getInt32(72))
  const targetBytes = new DataView(target.buffer, target.byteOffset, target.byteLength)
  const words = new Uint32Array(8)
  for (let i = 0; i < 8; i++) words[i] = targetBytes.getUint32(28 - 4 * i, true)
  return { midstate, tail, target: words }
}
