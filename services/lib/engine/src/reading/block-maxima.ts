import { instantiate } from '@camelid/wasm'
import { BLOCK, encodeBlockMaxima } from './block-maxima-wasm.ts'

const FLOAT_BYTES = 4
const BLOCK_BYTES = FLOAT_BYTES * BLOCK
const VECTOR_BYTES = 16
const PAGE_BYTES = 65_536

/**
 * The highest of each `BLOCK` logits in a row, the last of them perhaps fewer; −Infinity where none is a number. By vectors, which
 * JavaScript has none of: half the time, the copy included. What was told before is gone.
 */
export class BlockMaxima {
  readonly #memory: WebAssembly.Memory
  readonly #maxima: (from: number, end: number, into: number) => void
  #floats: Float32Array

  constructor() {
    const { memory, exported } = instantiate(encodeBlockMaxima())
    const maxima = exported('maxima')
    this.#memory = memory
    this.#maxima = (from, end, into) => void maxima(from, end, into)
    this.#floats = new Float32Array(memory.buffer)
  }

  /** @throws RangeError where there is no more memory */
  of(logits: Float32Array): Float32Array {
    const blocks = Math.ceil(logits.length / BLOCK)
    const into = blocks * BLOCK_BYTES
    // Each is written as a vector, over the rest of which the next is written.
    this.#makeRoom(into + blocks * FLOAT_BYTES + VECTOR_BYTES)
    this.#floats.set(logits)
    this.#floats.fill(Number.NEGATIVE_INFINITY, logits.length, blocks * BLOCK)
    if (blocks > 0) this.#maxima(0, into, into)
    return this.#floats.subarray(blocks * BLOCK, blocks * (BLOCK + 1))
  }

  #makeRoom(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength
    if (missing <= 0) return
    this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
    this.#floats = new Float32Array(this.#memory.buffer)
  }
}
