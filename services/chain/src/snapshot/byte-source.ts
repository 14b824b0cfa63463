import { createHash, type Hash } from 'node:crypto'
import { damaged, SnapshotError } from './snapshot-error.ts'

/** A sender that says nothing for so long is given up. */
const SILENCE_MS = 60_000

/**
 * Takes fields off a file that arrives in chunks. Memory is taken only for bytes that have arrived, so a length that lies costs its sender,
 * not this process.
 */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #silenceMs: number
  #waiting: Uint8Array[] = []
  #available = 0
  #taken = 0
  #hash: Hash | undefined

  constructor(chunks: AsyncIterable<Uint8Array>, silenceMs = SILENCE_MS) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#silenceMs = silenceMs
  }

  /** Bytes taken so far. */
  get offset(): number {
    return this.#taken
  }

  /** From here on all bytes taken go into the hash. */
  startHash(): void {
    this.#hash = createHash('sha256')
  }

  /** SHA-256 of what was taken since `startHash`. */
  finishHash(): Uint8Array {
    const digest = this.#hash?.digest() ?? new Uint8Array()
    this.#hash = undefined
    return new Uint8Array(digest)
  }

  /** The next `length` bytes. @throws SnapshotError SNAPSHOT_DAMAGED where the file ends before them, SNAPSHOT_STALLED */
  async take(length: number): Promise<Buffer> {
    while (this.#available < length) {
      const chunk = await this.#next()
      if (chunk === undefined) throw damaged(`it ends after ${this.#taken + this.#available} bytes, in the middle`)
      this.#waiting.push(chunk)
      this.#available += chunk.length
    }
    const all = this.#waiting.length === 1 ? this.#first() : Buffer.concat(this.#waiting)
    const bytes = all.subarray(0, length)
    this.#waiting = [all.subarray(length)]
    this.#available -= length
    this.#taken += length
    this.#hash?.update(bytes)
    return bytes
  }

  /** Whether nothing follows. */
  async atEnd(): Promise<boolean> {
    while (this.#available === 0) {
      const chunk = await this.#next()
      if (chunk === undefined) return true
      this.#waiting = [chunk]
      this.#available = chunk.length
    }
    return false
  }

  #first(): Buffer {
    const chunk = this.#waiting[0] ?? new Uint8Array()
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  }

  async #next(): Promise<Uint8Array | undefined> {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new SnapshotError('SNAPSHOT_STALLED', `no more of the snapshot came for ${this.#silenceMs} ms`)),
        this.#silenceMs,
      )
    })
    try {
      const step = await Promise.race([this.#chunks.next(), silence])
      return step.done === true ? undefined : step.value
    } finally {
      clearTimeout(timer)
    }
  }
}
