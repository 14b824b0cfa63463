import { assembleChacha, LANES, STATE_WORDS } from './chacha-wasm.ts'

const GROUP_WORDS = LANES * STATE_WORDS
/** "expand 32-byte k", RFC 8439 §2.3. */
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]
const KEY_AT = 4
const NONCE_AT = 13
const PAGE_BYTES = 65_536

/**
 * The key stream of ChaCha20 (RFC 8439) from block 0 on, in groups of four blocks, any of them by its number alone. Word i of
 * block b stands at `at(b, i)` of `words`, once its group is filled.
 */
export class KeyStream {
  readonly #memory: WebAssembly.Memory
  readonly #fill: (group: number, end: number) => void
  #words: Uint32Array
  #signed: Int32Array

  constructor() {
    const { memory, fill } = new WebAssembly.Instance(new WebAssembly.Module(assembleChacha())).exports
    if (!(memory instanceof WebAssembly.Memory) || typeof fill !== 'function') throw new Error('chacha-wasm is broken')
    this.#memory = memory
    this.#fill = (group, end) => void fill(group, end)
    this.#words = new Uint32Array(memory.buffer)
    this.#signed = new Int32Array(memory.buffer)
    this.#words.set(SIGMA)
  }

  /**
   * @param key 32 bytes
   * @param nonce0 words of the nonce, little-endian; the third is zero
   */
  start(key: Uint8Array, nonce0: number, nonce1: number): void {
    const view = new DataView(key.buffer, key.byteOffset, 32)
    for (let i = 0; i < 8; i++) this.#words[KEY_AT + i] = view.getUint32(4 * i, true)
    this.#words[NONCE_AT] = nonce0
    this.#words[NONCE_AT + 1] = nonce1
  }

  /** Computes the groups from `group` up to `end`, which is not computed itself; `words` is another one where they did not fit. */
  fill(group: number, end: number): void {
    const missing = 4 * (STATE_WORDS + GROUP_WORDS * end) - this.#memory.buffer.byteLength
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
      this.#words = new Uint32Array(this.#memory.buffer)
      this.#signed = new Int32Array(this.#memory.buffer)
    }
    this.#fill(group, end)
  }

  get words(): Uint32Array {
    return this.#words
  }

  /** The same, as i32. */
  get signed(): Int32Array {
    return this.#signed
  }

  /** Index in `words`. */
  static at(block: number, word: number): number {
    const group = Math.floor(block / LANES)
    return STATE_WORDS + GROUP_WORDS * group + LANES * word + (block % LANES)
  }
}
