import type { Writable } from 'node:stream'

/** A large frame is written in parts, so that "nothing leaves" can be told from "a large frame is leaving". */
const PART_BYTES = 64 * 1024
/** Frames that wait for others leave once there are so many bytes of them. */
const GATHER_BYTES = 32 * 1024

/** The bounded way out to one socket: takes whole frames or refuses them, and waits for the socket to drain. */
export class SendQueue {
  readonly #socket: Writable
  readonly #maxBytes: number
  readonly #maxFrames: number
  readonly #stallMs: number
  readonly #onStall: () => void
  #frames: Uint8Array[] = []
  #offset = 0
  #bytes = 0
  #blocked = false
  #stallTimer: NodeJS.Timeout | undefined
  #waiters: (() => void)[] = []
  #wroteMs = Number.NEGATIVE_INFINITY
  #gatherTimer: NodeJS.Timeout | undefined
  #gatherUntilMs = Number.POSITIVE_INFINITY
  #ended = false

  /** @param options.onStall called once when the queue is blocked for `stallMs` */
  constructor(options: {
    socket: Writable
    maxBytes: number
    maxFrames: number
    stallMs: number
    onStall: () => void
  }) {
    this.#socket = options.socket
    this.#maxBytes = options.maxBytes
    this.#maxFrames = options.maxFrames
    this.#stallMs = options.stallMs
    this.#onStall = options.onStall
    this.#socket.on('drain', () => this.#drained())
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Takes a frame, or gives false where it does not fit. A frame larger than the whole queue fits an empty one.
   * @param gatherMs it may wait so long after the write before, so that many small ones cost one; one that comes alone leaves at once, and
   * any that may not wait takes along those that do
   */
  push(frame: Uint8Array, gatherMs = 0): boolean {
    if (this.#ended) return false
    const full = this.#frames.length >= this.#maxFrames || this.#bytes + frame.length > this.#maxBytes
    if (full && this.#frames.length > 0) return false
    this.#frames.push(frame)
    this.#bytes += frame.length
    const atMs = this.#wroteMs + gatherMs
    if (atMs > performance.now() && this.#bytes < GATHER_BYTES) this.#writeAt(atMs)
    else this.#write()
    return true
  }

  /** Resolves when the queue is at most half full, or ended. */
  async room(): Promise<void> {
    while (!this.#ended && (this.#bytes > this.#maxBytes / 2 || this.#frames.length > this.#maxFrames / 2))
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  /** Forgets what waits; nothing is taken any more. */
  end(): void {
    this.#ended = true
    clearTimeout(this.#stallTimer)
    clearTimeout(this.#gatherTimer)
    this.#frames = []
    this.#bytes = 0
    this.#wake()
  }

  #writeAt(atMs: number): void {
    if (atMs >= this.#gatherUntilMs) return
    clearTimeout(this.#gatherTimer)
    this.#gatherUntilMs = atMs
    this.#gatherTimer = setTimeout(() => this.#write(), atMs - performance.now())
  }

  #write(): void {
    clearTimeout(this.#gatherTimer)
    this.#gatherTimer = undefined
    this.#gatherUntilMs = Number.POSITIVE_INFINITY
    this.#wroteMs = performance.now()
    // What is written in one turn is encrypted and handed to the system in one piece.
    this.#socket.cork()
    process.nextTick(() => this.#socket.uncork())
    while (!this.#blocked && !this.#ended) {
      const frame = this.#frames[0]
      if (frame === undefined) break
      const part = frame.subarray(this.#offset, this.#offset + PART_BYTES)
      this.#offset += part.length
      this.#bytes -= part.length
      if (this.#offset === frame.length) {
        this.#frames.shift()
        this.#offset = 0
      }
      this.#blocked = !this.#socket.write(part)
    }
    if (this.#blocked && this.#stallTimer === undefined && !this.#ended) {
      this.#stallTimer = setTimeout(this.#onStall, this.#stallMs)
      this.#stallTimer.unref()
    }
    this.#wake()
  }

  #drained(): void {
    this.#blocked = false
    clearTimeout(this.#stallTimer)
    this.#stallTimer = undefined
    this.#write()
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}
