import { compress } from './compress.ts'
import type { HeaderWork } from './header-work.ts'
import { INITIAL_STATE } from './sha256-constants.ts'

const HEADER_BITS = 80 * 8
const HASH_BITS = 32 * 8
const PADDING = 0x80000000 | 0

/**
 * Tries `count` nonces from `first` on, wrapping at 2³².
 *
 * @returns the first winning nonce, or −1
 */
export type Scan = (work: HeaderWork, first: number, count: number) => number

const state = new Int32Array(8)
const schedule = new Int32Array(64)

/**
 * The scan in plain JavaScript: the reference, and the loop where there is no SIMD.
 * Nothing is allocated: the buffers are the module's own, so one thread runs one scan at a time.
 */
export function scanNonces(work: HeaderWork, first: number, count: number): number {
  const mostSignificant = work.target[0] ?? 0
  for (let i = 0; i < count; i++) {
    const nonce = (first + i) >>> 0
    hashHeader(work, nonce)
    // Nearly every hash is dismissed by its most significant word alone.
    if (swapBytes(state[7] ?? 0) <= mostSignificant && isAtOrBelow(work.target)) return nonce
  }
  return -1
}

/** SHA-256d of the header with this nonce, left in `state`. */
function hashHeader(work: HeaderWork, nonce: number): void {
  state.set(work.midstate)
  schedule[0] = work.tail[0] ?? 0
  schedule[1] = work.tail[1] ?? 0
  schedule[2] = work.tail[2] ?? 0
  // The header holds the nonce little-endian, SHA-256 reads words big-endian.
  schedule[3] = swapBytes(nonce)
  schedule[4] = PADDING
  for (let i = 5; i < 15; i++) schedule[i] = 0
  schedule[15] = HEADER_BITS
  compress(state, schedule)

  for (let i = 0; i < 8; i++) schedule[i] = state[i] ?? 0
  schedule[8] = PADDING
  for (let i = 9; i < 15; i++) schedule[i] = 0
  schedule[15] = HASH_BITS
  state.set(INITIAL_STATE)
  compress(state, schedule)
}

/** Compares the hash in `state`, read as a little-endian number, with the target. */
function isAtOrBelow(target: Uint32Array): boolean {
  for (let i = 0; i < 8; i++) {
    const hash = swapBytes(state[7 - i] ?? 0)
    const limit = target[i] ?? 0
    if (hash !== limit) return hash < limit
  }
  return true
}

function swapBytes(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0
}
