import { randomFillSync } from 'node:crypto'

const ID_BYTES = 16
/** Ids drawn at once: a draw costs as much for one as for all of them. */
const POOL = new Uint8Array(256 * ID_BYTES)
let used = POOL.length

/** A message id that nobody used before. */
export function randomId(): Uint8Array {
  if (used === POOL.length) {
    randomFillSync(POOL)
    used = 0
  }
  used += ID_BYTES
  return POOL.slice(used - ID_BYTES, used)
}
