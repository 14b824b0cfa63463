import { instantiate } from '@camelid/wasm'
import { type FillBytes, fillByOpenssl, type StreamStart } from './key-stream-openssl.ts'
import { encodeKeyStream, LANES, LOOK, STATE_BYTES, STATE_WORDS } from './key-stream-wasm.ts'

/** Of the words of a group of blocks, which are computed together. */
const NUMBERS_PER_GROUP = (LANES * STATE_WORDS) / 2
const GROUP_BYTES = 8 * NUMBERS_PER_GROUP
/** "expand 32-byte k", RFC 8439 §2.3. */
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]
const KEY_AT = 4
const NONCE_AT = 13
const PAGE_BYTES = 65_536
/** Fewer are computed as fast without a call of a library. */
const MANY_NUMBERS = 4_096
const NO_START: StreamStart = { key: new Uint8Array(32), nonce0: 0, nonce1: 0 }

/**
 * The key stream of ChaCha20 (RFC 8439) from block 0 on, as u64, little-endian, each of them by its number alone. Told in halves. It
 * takes memory, 8 bytes for each number up to the largest that was asked for, so that one is made and started anew.
 */
export class KeyStream {
  readonly #memory: WebAssembly.Memory
  readonly #fill: (group: number, end: number) => void
  readonly #find: (from: number, end: number, lowest: number) => number
  readonly #fillAll: FillBytes | null
  #words: Uint32Array
  #start = NO_START
  /** 1 for each group that was computed since the start. */
  #filled = new Uint8Array(0)

  /** @param fillAll what is quicker where there are many; null where there is nothing */
  constructor(fillAll: FillBytes | null = fillByOpenssl) {
    const { memory, exported } = instantiate(encodeKeyStream())
    const [fill, find] = [exported('fill'), exported('find')]
    this.#memory = memory
    this.#fill = (group, end) => void fill(group, end)
    this.#find = (from, end, lowest) => Number(find(from, end, lowest)) >>> 0
    this.#fillAll = fillAll
    this.#words = new Uint32Array(memory.buffer)
    this.#words.set(SIGMA)
  }

  start(start: StreamStart): void {
    const { key, nonce0, nonce1 } = start
    const view = new DataView(key.buffer, key.byteOffset, 32)
    for (let i = 0; i < 8; i++) this.#words[KEY_AT + i] = view.getUint32(4 * i, true)
    this.#words[NONCE_AT] = nonce0
    this.#words[NONCE_AT + 1] = nonce1
    this.#start = { ...start, key: start.key.slice() }
    this.#filled.fill(0)
  }

  /** Computes a number, unless it is there, so that its halves can be told. @throws RangeError where there is no more memory */
  compute(number: number): void {
    const group = Math.floor(number / NUMBERS_PER_GROUP)
    if (this.#filled[group] === 1) return
    this.#makeRoom(group + 1)
    this.#fill(group, group + 1)
    this.#filled[group] = 1
  }

  /** Computes all numbers below `end`: quicker than one by one. @throws RangeError where there is no more memory */
  computeAll(end: number): void {
    const groups = Math.ceil(end / NUMBERS_PER_GROUP)
    this.#makeRoom(groups)
    const first = this.#filled.indexOf(0)
    if (first < 0 || first >= groups) return
    if (end >= MANY_NUMBERS && this.#fillAll !== null) {
      this.#fillAll(new Uint8Array(this.#memory.buffer, STATE_BYTES, GROUP_BYTES * groups), this.#start)
    } else this.#fill(first, groups)
    this.#filled.fill(1, first, groups)
  }

  /** The upper half of a number that was computed, a u32. */
  high(number: number): number {
    return this.#words[STATE_WORDS + 2 * number + 1] ?? 0
  }

  low(number: number): number {
    return this.#words[STATE_WORDS + 2 * number] ?? 0
  }

  /** Which numbers below `end` have an upper half of at least `lowest`, rising; computes all of them. @param lowest a u32 */
  withHighFrom(lowest: number, end: number): number[] {
    this.computeAll(end)
    const found: number[] = []
    const endAt = STATE_BYTES + 8 * end
    for (let at = STATE_BYTES; at < endAt; ) {
      at = this.#find(at, endAt, lowest)
      const first = (at - STATE_BYTES) / 8
      // The last ones that it looked at together may be past the end.
      for (let number = first; number < Math.min(first + LOOK, end); number++) {
        if (this.high(number) >= lowest) found.push(number)
      }
      at += 8 * LOOK
    }
    return found
  }

  #makeRoom(groups: number): void {
    if (this.#filled.length >= groups) return
    const missing = STATE_BYTES + GROUP_BYTES * groups - this.#memory.buffer.byteLength
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
      this.#words = new Uint32Array(this.#memory.buffer)
    }
    const longer = new Uint8Array(groups)
    longer.set(this.#filled)
    this.#filled = longer
  }
}
