import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { MessageType, PingSchema, PongSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { P2pError } from './errors.ts'
import type { Frame } from './frame.ts'
import type { FrameSocket } from './frame-socket.ts'
import type { ConnectionLimits } from './options.ts'

/**
 * Pings every `pingMs` and ends the connection when nothing at all came for `pongMs` after one, or when a frame stays
 * begun for `frameMs`. While our own side holds up the reading, the peer is not to blame and the clocks stand.
 */
export class KeepAlive {
  readonly #io: FrameSocket
  readonly #limits: ConnectionLimits
  readonly #pinger: NodeJS.Timeout
  readonly #watcher: NodeJS.Timeout
  #heard = 0
  #paused = false
  #pongTimer: NodeJS.Timeout | undefined
  #partialSince: { ms: number; heard: number } | undefined

  constructor(io: FrameSocket, limits: ConnectionLimits) {
    this.#io = io
    this.#limits = limits
    this.#pinger = setInterval(() => this.#ping(), limits.pingMs).unref()
    this.#watcher = setInterval(() => this.#watchFrame(), Math.ceil(limits.frameMs / 4)).unref()
  }

  /** A frame came: the peer lives. */
  heard(): void {
    this.#heard++
    clearTimeout(this.#pongTimer)
    this.#pongTimer = undefined
  }

  /** Runs our own part of the work, during which the peer cannot be heard. */
  async whilePaused(work: () => Promise<void>): Promise<void> {
    this.#paused = true
    try {
      await work()
    } finally {
      this.#paused = false
    }
  }

  /**
   * Answers a Ping, takes a Pong; false for any other frame.
   * @throws P2pError BAD_PAYLOAD
   */
  take(frame: Frame): boolean {
    if (frame.type === MessageType.PONG) return true
    if (frame.type !== MessageType.PING) return false
    const { nonce } = readPing(frame)
    this.#io.send({ type: MessageType.PONG, payload: toBinary(PongSchema, create(PongSchema, { nonce })) })
    return true
  }

  stop(): void {
    clearInterval(this.#pinger)
    clearInterval(this.#watcher)
    clearTimeout(this.#pongTimer)
  }

  #ping(): void {
    if (this.#pongTimer !== undefined) return
    const nonce = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n
    this.#io.send({ type: MessageType.PING, payload: toBinary(PingSchema, create(PingSchema, { nonce })) })
    this.#awaitPong()
  }

  #awaitPong(): void {
    this.#pongTimer = setTimeout(() => {
      if (this.#paused) this.#awaitPong()
      else this.#io.close(new P2pError('PING_TIMEOUT', `the peer answered no ping for ${this.#limits.pongMs} ms`))
    }, this.#limits.pongMs).unref()
  }

  #watchFrame(): void {
    if (this.#paused || !this.#io.partial) {
      this.#partialSince = undefined
      return
    }
    const now = performance.now()
    if (this.#partialSince?.heard !== this.#heard) this.#partialSince = { ms: now, heard: this.#heard }
    else if (now - this.#partialSince.ms >= this.#limits.frameMs)
      this.#io.close(
        new P2pError('STALLED_FRAME', `a frame stayed unfinished for ${this.#limits.frameMs} ms`, { score: 10 }),
      )
  }
}

function readPing(frame: Frame): { nonce: bigint } {
  try {
    return fromBinary(PingSchema, frame.payload)
  } catch (cause) {
    throw new P2pError('BAD_PAYLOAD', 'the payload is no Ping', { cause, score: 50 })
  }
}
