/** Words of one ChaCha20 block: 64 bytes. */
export const BLOCK_WORDS = 16

/** "expand 32-byte k", RFC 8439 §2.3. */
const SIGMA_0 = 0x61707865
const SIGMA_1 = 0x3320646e
const SIGMA_2 = 0x79622d32
const SIGMA_3 = 0x6b206574

/** The eight little-endian words of a 32-byte key. */
export function chachaKeyWords(key: Uint8Array): Int32Array {
  const view = new DataView(key.buffer, key.byteOffset, 32)
  return Int32Array.from({ length: 8 }, (_, i) => view.getInt32(4 * i, true))
}

/**
 * One block of the ChaCha20 key stream (RFC 8439 §2.3), as little-endian words into `out`.
 * Any block by its number alone: a key stream read from the start would cost a whole vocabulary for one token. Written out in
 * local variables, which is some three times as fast here as a loop over an array.
 *
 * @param key eight words of `chachaKeyWords`
 * @param counter block number, u32
 * @param nonce0 words of the nonce, little-endian; the third is always zero for positions below 2^64
 */
export function chachaBlock(key: Int32Array, counter: number, nonce0: number, nonce1: number, out: Uint32Array): void {
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0, k7 = 0] = key
  let a0 = SIGMA_0
  let a1 = SIGMA_1
  let a2 = SIGMA_2
  let a3 = SIGMA_3
  let b0 = k0
  let b1 = k1
  let b2 = k2
  let b3 = k3
  let c0 = k4
  let c1 = k5
  let c2 = k6
  let c3 = k7
  let d0 = counter | 0
  let d1 = nonce0 | 0
  let d2 = nonce1 | 0
  let d3 = 0
  for (let round = 0; round < 10; round++) {
    // columns
    a0 = (a0 + b0) | 0
    d0 ^= a0
    d0 = (d0 << 16) | (d0 >>> 16)
    c0 = (c0 + d0) | 0
    b0 ^= c0
    b0 = (b0 << 12) | (b0 >>> 20)
    a0 = (a0 + b0) | 0
    d0 ^= a0
    d0 = (d0 << 8) | (d0 >>> 24)
    c0 = (c0 + d0) | 0
    b0 ^= c0
    b0 = (b0 << 7) | (b0 >>> 25)
    a1 = (a1 + b1) | 0
    d1 ^= a1
    d1 = (d1 << 16) | (d1 >>> 16)
    c1 = (c1 + d1) | 0
    b1 ^= c1
    b1 = (b1 << 12) | (b1 >>> 20)
    a1 = (a1 + b1) | 0
    d1 ^= a1
    d1 = (d1 << 8) | (d1 >>> 24)
    c1 = (c1 + d1) | 0
    b1 ^= c1
    b1 = (b1 << 7) | (b1 >>> 25)
    a2 = (a2 + b2) | 0
    d2 ^= a2
    d2 = (d2 << 16) | (d2 >>> 16)
    c2 = (c2 + d2) | 0
    b2 ^= c2
    b2 = (b2 << 12) | (b2 >>> 20)
    a2 = (a2 + b2) | 0
    d2 ^= a2
    d2 = (d2 << 8) | (d2 >>> 24)
    c2 = (c2 + d2) | 0
    b2 ^= c2
    b2 = (b2 << 7) | (b2 >>> 25)
    a3 = (a3 + b3) | 0
    d3 ^= a3
    d3 = (d3 << 16) | (d3 >>> 16)
    c3 = (c3 + d3) | 0
    b3 ^= c3
    b3 = (b3 << 12) | (b3 >>> 20)
    a3 = (a3 + b3) | 0
    d3 ^= a3
    d3 = (d3 << 8) | (d3 >>> 24)
    c3 = (c3 + d3) | 0
    b3 ^= c3
    b3 = (b3 << 7) | (b3 >>> 25)
    // diagonals
    a0 = (a0 + b1) | 0
    d3 ^= a0
    d3 = (d3 << 16) | (d3 >>> 16)
    c2 = (c2 + d3) | 0
    b1 ^= c2
    b1 = (b1 << 12) | (b1 >>> 20)
    a0 = (a0 + b1) | 0
    d3 ^= a0
    d3 = (d3 << 8) | (d3 >>> 24)
    c2 = (c2 + d3) | 0
    b1 ^= c2
    b1 = (b1 << 7) | (b1 >>> 25)
    a1 = (a1 + b2) | 0
    d0 ^= a1
    d0 = (d0 << 16) | (d0 >>> 16)
    c3 = (c3 + d0) | 0
    b2 ^= c3
    b2 = (b2 << 12) | (b2 >>> 20)
    a1 = (a1 + b2) | 0
    d0 ^= a1
    d0 = (d0 << 8) | (d0 >>> 24)
    c3 = (c3 + d0) | 0
    b2 ^= c3
    b2 = (b2 << 7) | (b2 >>> 25)
    a2 = (a2 + b3) | 0
    d1 ^= a2
    d1 = (d1 << 16) | (d1 >>> 16)
    c0 = (c0 + d1) | 0
    b3 ^= c0
    b3 = (b3 << 12) | (b3 >>> 20)
    a2 = (a2 + b3) | 0
    d1 ^= a2
    d1 = (d1 << 8) | (d1 >>> 24)
    c0 = (c0 + d1) | 0
    b3 ^= c0
    b3 = (b3 << 7) | (b3 >>> 25)
    a3 = (a3 + b0) | 0
    d2 ^= a3
    d2 = (d2 << 16) | (d2 >>> 16)
    c1 = (c1 + d2) | 0
    b0 ^= c1
    b0 = (b0 << 12) | (b0 >>> 20)
    a3 = (a3 + b0) | 0
    d2 ^= a3
    d2 = (d2 << 8) | (d2 >>> 24)
    c1 = (c1 + d2) | 0
    b0 ^= c1
    b0 = (b0 << 7) | (b0 >>> 25)
  }
  out[0] = a0 + SIGMA_0
  out[1] = a1 + SIGMA_1
  out[2] = a2 + SIGMA_2
  out[3] = a3 + SIGMA_3
  out[4] = b0 + k0
  out[5] = b1 + k1
  out[6] = b2 + k2
  out[7] = b3 + k3
  out[8] = c0 + k4
  out[9] = c1 + k5
  out[10] = c2 + k6
  out[11] = c3 + k7
  out[12] = d0 + counter
  out[13] = d1 + nonce0
  out[14] = d2 + nonce1
  out[15] = d3
}
