import { concatBytes, hmacSha256, sha256 } from '@camelid/crypto'
import { RasticError } from './errors.ts'

/** What a verifier's draw depends on; none of it is known to the node before it commits (protocol: Disputes, Random positions). */
export interface DrawSeed {
  /** Hash of block H of the commitment. */
  readonly blockHash: Uint8Array
  readonly outputHash: Uint8Array
  readonly verifierKey: Uint8Array
}

/**
 * The positions that a verifier checks where it does not check all: the first (continuity), the last (truncation), and
 * `interior` others, each set of them equally likely (rastic: The check). Rising.
 *
 * The i-th draw is the first 8 bytes, as a little-endian u64, of HMAC-SHA256(key, i as u32), modulo the positions left: with
 * at most 2^16 of those its bias is under 2^-48. @throws RasticError BAD_POSITION
 */
export function drawPositions(seed: DrawSeed, tokens: number, interior: number): number[] {
  if (!Number.isSafeInteger(tokens) || tokens < 1 || !Number.isSafeInteger(interior) || interior < 0) {
    throw new RasticError('BAD_POSITION', `no ${interior} positions can be drawn from an output of ${tokens} tokens`)
  }
  const key = sha256(concatBytes(seed.blockHash, seed.outputHash, seed.verifierKey))
  const last = tokens - 1
  const available = Math.max(0, tokens - 2)
  const drawn = new Set([0, last])
  // Fisher–Yates from the front; only what was moved is kept.
  const moved = new Map<number, number>()
  for (let i = 0; i < Math.min(interior, available); i++) {
    const place = i + uniform(key, i, available - i)
    drawn.add(1 + (moved.get(place) ?? place))
    moved.set(place, moved.get(i) ?? i)
  }
  return [...drawn].sort((a, b) => a - b)
}

function uniform(key: Uint8Array, draw: number, below: number): number {
  const index = new Uint8Array(4)
  new DataView(index.buffer).setUint32(0, draw, true)
  const { buffer, byteOffset } = hmacSha256(key, index)
  return Number(new DataView(buffer, byteOffset).getBigUint64(0, true) % BigInt(below))
}
