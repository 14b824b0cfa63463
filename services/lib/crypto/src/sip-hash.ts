const KEY_BYTES = 16
const LOW_16 = 0xffff
const TWO_32 = 0x1_0000_0000

/**
 * SipHash-2-4 (Aumasson and Bernstein) under one key of 16 bytes: a fast hash whose collisions nobody finds without the key.
 * 64-bit words are kept as two halves of 32 bits: a BigInt would cost twenty times as much.
 */
export class SipHash {
  readonly #key: readonly [number, number, number, number]
  // The state v0 to v3, low and high halves.
  #l0 = 0
  #h0 = 0
  #l1 = 0
  #h1 = 0
  #l2 = 0
  #h2 = 0
  #l3 = 0
  #h3 = 0

  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`a key of SipHash has ${KEY_BYTES} bytes, not ${key.length}`)
    const view = new DataView(key.buffer, key.byteOffset, KEY_BYTES)
    this.#key = [view.getInt32(0, true), view.getInt32(4, true), view.getInt32(8, true), view.getInt32(12, true)]
  }

  /** All 64 bits. */
  hash(data: Uint8Array): bigint {
    this.#digest(data)
    const low = (this.#l0 ^ this.#l1 ^ this.#l2 ^ this.#l3) >>> 0
    const high = (this.#h0 ^ this.#h1 ^ this.#h2 ^ this.#h3) >>> 0
    return (BigInt(high) << 32n) | BigInt(low)
  }

  /** The low 48 bits, as a number that is exact. */
  hash48(data: Uint8Array): number {
    this.#digest(data)
    const low = (this.#l0 ^ this.#l1 ^ this.#l2 ^ this.#l3) >>> 0
    return ((this.#h0 ^ this.#h1 ^ this.#h2 ^ this.#h3) & LOW_16) * TWO_32 + low
  }

  #digest(data: Uint8Array): void {
    const [k0, k1, k2, k3] = this.#key
    this.#l0 = k0 ^ 0x70736575
    this.#h0 = k1 ^ 0x736f6d65
    this.#l1 = k2 ^ 0x6e646f6d
    this.#h1 = k3 ^ 0x646f7261
    this.#l2 = k0 ^ 0x6e657261
    this.#h2 = k1 ^ 0x6c796765
    this.#l3 = k2 ^ 0x79746573
    this.#h3 = k3 ^ 0x74656462
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    const whole = data.length - (data.length % 8)
    for (let at = 0; at < whole; at += 8) this.#word(view.getInt32(at, true), view.getInt32(at + 4, true))
    // The last word: what is left over, and the length in its highest byte.
    let low = 0
    let high = (data.length & 0xff) << 24
    for (let at = whole; at < data.length; at++) {
      const place = at - whole
      if (place < 4) low |= view.getUint8(at) << (8 * place)
      else high |= view.getUint8(at) << (8 * (place - 4))
    }
    this.#word(low, high)
    this.#l2 ^= 0xff
    for (let i = 0; i < 4; i++) this.#round()
  }

  #word(low: number, high: number): void {
    this.#l3 ^= low
    this.#h3 ^= high
    this.#round()
    this.#round()
    this.#l0 ^= low
    this.#h0 ^= high
  }

  #round(): void {
    let [l0, h0, l1, h1] = [this.#l0, this.#h0, this.#l1, this.#h1]
    let [l2, h2, l3, h3] = [this.#l2, this.#h2, this.#l3, this.#h3]
    // v0 += v1; v1 <<<= 13; v1 ^= v0; v0 <<<= 32
    let sum = (l0 >>> 0) + (l1 >>> 0)
    h0 = (h0 + h1 + (sum >= TWO_32 ? 1 : 0)) | 0
    l0 = sum | 0
    let kept = (l1 << 13) | (h1 >>> 19)
    h1 = ((h1 << 13) | (l1 >>> 19)) ^ h0
    l1 = kept ^ l0
    kept = l0
    l0 = h0
    h0 = kept
    // v2 += v3; v3 <<<= 16; v3 ^= v2
    sum = (l2 >>> 0) + (l3 >>> 0)
    h2 = (h2 + h3 + (sum >= TWO_32 ? 1 : 0)) | 0
    l2 = sum | 0
    kept = (l3 << 16) | (h3 >>> 16)
    h3 = ((h3 << 16) | (l3 >>> 16)) ^ h2
    l3 = kept ^ l2
    // v0 += v3; v3 <<<= 21; v3 ^= v0
    sum = (l0 >>> 0) + (l3 >>> 0)
    h0 = (h0 + h3 + (sum >= TWO_32 ? 1 : 0)) | 0
    l0 = sum | 0
    kept = (l3 << 21) | (h3 >>> 11)
    h3 = ((h3 << 21) | (l3 >>> 11)) ^ h0
    l3 = kept ^ l0
    // v2 += v1; v1 <<<= 17; v1 ^= v2; v2 <<<= 32
    sum = (l2 >>> 0) + (l1 >>> 0)
    h2 = (h2 + h1 + (sum >= TWO_32 ? 1 : 0)) | 0
    l2 = sum | 0
    kept = (l1 << 17) | (h1 >>> 15)
    h1 = ((h1 << 17) | (l1 >>> 15)) ^ h2
    l1 = kept ^ l2
    this.#l0 = l0
    this.#h0 = h0
    this.#l1 = l1
    this.#h1 = h1
    this.#l2 = h2
    this.#h2 = l2
    this.#l3 = l3
    this.#h3 = h3
  }
}
