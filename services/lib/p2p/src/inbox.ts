import type { Frame } from './frame.ts'

/** A bounded queue between the reader of a socket and the owner of its connection; the reader waits while it is full. */
export class Inbox {
  readonly #maxFrames: number
  readonly #maxBytes: number
  #frames: Frame[] = []
  #bytes = 0
  #ended = false
  #wakeTaker: (() => void) | undefined
  #wakePutter: (() => void) | undefined

  constructor(options: { maxFrames: number; maxBytes: number }) {
    this.#maxFrames = options.maxFrames
    this.#maxBytes = options.maxBytes
  }

  /** Puts a frame in, and resolves when there is room for the next one. */
  async put(frame: Frame): Promise<void> {
    this.#frames.push(frame)
    this.#bytes += frame.payload.length
    this.#wakeTaker?.()
    while (!this.#ended && (this.#frames.length >= this.#maxFrames || this.#bytes >= this.#maxBytes))
      await new Promise<void>((resolve) => {
        this.#wakePutter = resolve
      })
  }

  /** The next frame; undefined when the inbox ended and is empty. */
  async take(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame !== undefined) {
        this.#bytes -= frame.payload.length
        this.#wakePutter?.()
        return frame
      }
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => {
        this.#wakeTaker = resolve
      })
    }
  }

  end(): void {
    this.#ended = true
    this.#wakeTaker?.()
    this.#wakePutter?.()
  }
}
