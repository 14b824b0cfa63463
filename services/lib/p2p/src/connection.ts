import { setTimeout as delay } from 'node:timers/promises'
import { equalBytes, hash160 } from '@camelid/crypto'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { TokenBucket } from '@camelid/runtime'
import { P2pError, type P2pErrorCode } from './errors.ts'
import { Expectations } from './expectations.ts'
import { FAREWELLS, farewellOf } from './farewell.ts'
import { encodeFrame, type Frame, floodId, NO_ADDRESS } from './frame.ts'
import type { FrameSocket } from './frame-socket.ts'
import { MAX_TTL } from './header.ts'
import { Inbox } from './inbox.ts'
import { KeepAlive } from './keep-alive.ts'
import { ANSWER_TYPES, type KnownType, payloadLimit, typeName } from './message-type.ts'
import type { ConnectionLimits, PeerHello, PeerOptions, Remote } from './options.ts'
import type { ConnectionStats, OutgoingMessage } from './outgoing-message.ts'
import { randomId } from './random-id.ts'

/**
 * A connection whose peer has proved its node key. Frames come out of `frames`, one reader, in order; answers to
 * `expect` are taken out before. Pings, rate limits, deadlines and the bounded send queue are kept in here.
 */
export class PeerConnection {
  readonly peerKey: Uint8Array
  readonly peerH2: Uint8Array
  readonly hello: PeerHello
  readonly remote: Remote
  readonly inbound: boolean
  readonly #io: FrameSocket
  readonly #options: PeerOptions
  readonly #limits: ConnectionLimits
  readonly #inbox: Inbox
  readonly #expectations: Expectations
  readonly #keepAlive: KeepAlive
  readonly #connectedMs = Date.now()

  constructor(
    io: FrameSocket,
    context: { hello: PeerHello; remote: Remote; inbound: boolean; options: PeerOptions; limits: ConnectionLimits },
  ) {
    this.#io = io
    this.hello = context.hello
    this.peerKey = context.hello.nodeKey
    this.peerH2 = hash160(context.hello.nodeKey)
    this.remote = context.remote
    this.inbound = context.inbound
    this.#options = context.options
    this.#limits = context.limits
    this.#inbox = new Inbox({ maxFrames: context.limits.inboxFrames, maxBytes: context.limits.inboxBytes })
    this.#expectations = new Expectations(context.limits.requests)
    this.#keepAlive = new KeepAlive(io, context.limits)
    void this.#io.closed.then((reason) => {
      this.#keepAlive.stop()
      this.#expectations.end(reason)
      this.#inbox.end()
    })
  }

  /** Begins to read, once: from now on the limits are those of a member. */
  start(): void {
    const ended = new AbortController()
    void this.#io.closed.then(() => ended.abort())
    void this.#pump(ended.signal)
  }

  /** Largest payload of a type that this peer may send now, in bytes; undefined: none. */
  limitOf(type: KnownType): number | undefined {
    if (type === MessageType.HELLO || type === MessageType.HELLO_PROOF) return undefined
    return ANSWER_TYPES.has(type) && !this.#expectations.owed(type) ? undefined : payloadLimit(type)
  }

  /** Frames that answer no `expect`, until the connection ends; one reader at a time. Not reading slows the peer. */
  get frames(): AsyncIterable<Frame> {
    const inbox = this.#inbox
    return {
      async *[Symbol.asyncIterator]() {
        for (let frame = await inbox.take(); frame !== undefined; frame = await inbox.take()) yield frame
      },
    }
  }

  /**
   * Queues a message; false where the send queue is full or the connection ended.
   * @throws P2pError TOO_LONG
   */
  send(message: OutgoingMessage): boolean {
    return this.sendEncoded(message.type, this.encode(message))
  }

  /**
   * The bytes of the frame a message becomes, for sendEncoded; its sender is ourselves unless it names another.
   * @throws P2pError TOO_LONG
   */
  encode(message: OutgoingMessage): Uint8Array {
    const flood = message.flood ?? false
    const frame = {
      type: message.type,
      payload: message.payload,
      flood,
      ttl: message.ttl ?? (flood ? MAX_TTL : 0),
      messageId: flood ? floodId(message.type, message.payload) : (message.messageId ?? randomId()),
      sender: message.sender ?? this.#options.identity.h2,
      receiver: message.receiver ?? NO_ADDRESS,
    }
    return encodeFrame(frame, this.#options.params.magic)
  }

  /** Queues an encoded frame, for many peers or many tries. @param gather it may wait some ten milliseconds for others */
  sendEncoded(type: KnownType, bytes: Uint8Array, gather = false): boolean {
    return this.#io.sendEncoded(type, bytes, gather)
  }

  /** Resolves when the send queue has room again, or the connection ended. */
  room(): Promise<void> {
    return this.#io.room()
  }

  /** Lets the peer send `count` answers of a type: those that nobody asked for end the connection. */
  allowAnswers(type: KnownType, count: number): void {
    this.#expectations.allow(type, count)
  }

  /**
   * The first frame that matches, which then does not come out of `frames`.
   * @param options.what names the question in errors
   * @throws P2pError TOO_MANY_REQUESTS, REQUEST_TIMEOUT, ABORTED, or the reason the connection ended
   */
  async expect(
    matches: (frame: Frame) => boolean,
    options: { what: string; timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<Frame> {
    if (this.#io.reason !== undefined) throw this.#io.reason
    return await this.#expectations.wait(matches, options)
  }

  /** Ends the connection; the peer is told the code. */
  close(reason: P2pError | 'SHUTTING_DOWN' | 'NOT_NEEDED'): void {
    this.#io.close(typeof reason === 'string' ? new P2pError(reason, FAREWELLS[reason]) : reason)
  }

  /** Resolves, never rejects, with the code of the reason for the end. */
  get closed(): Promise<P2pErrorCode> {
    return this.#io.closed.then((reason) => reason.code)
  }

  /** Why the connection ended, once it did. */
  get reason(): P2pError | undefined {
    return this.#io.reason
  }

  get stats(): ConnectionStats {
    return {
      bytesSent: this.#io.bytesSent,
      bytesReceived: this.#io.bytesReceived,
      connectedMs: this.#connectedMs,
    }
  }

  async #pump(signal: AbortSignal): Promise<void> {
    const bytes = bucketOf(this.#limits.bytesPerSecond)
    const count = bucketOf(this.#limits.framesPerSecond)
    try {
      for (;;) {
        const frame = await this.#io.read()
        this.#keepAlive.heard()
        await this.#keepAlive.whilePaused(async () => {
          await this.#take(frame)
          const now = performance.now()
          const waitMs = Math.max(bytes.take(frame.payload.length, now), count.take(1, now))
          if (waitMs > 0) await delay(waitMs, undefined, { ref: false, signal }).catch(() => undefined)
        })
      }
    } catch (error) {
      const reason =
        error instanceof P2pError ? error : new P2pError('CONNECTION_LOST', 'the connection failed', { cause: error })
      this.#io.close(reason)
    }
  }

  async #take(frame: Frame): Promise<void> {
    const direct = !frame.flood && equalBytes(frame.receiver, NO_ADDRESS)
    if (direct && !equalBytes(frame.sender, this.peerH2))
      throw new P2pError('FORGED_SENDER', `a ${typeName(frame.type)} names another sender than the peer`, {
        score: 100,
      })
    if (ANSWER_TYPES.has(frame.type)) this.#expectations.settle(frame.type)
    if (this.#keepAlive.take(frame) || this.#expectations.offer(frame)) return
    if (frame.type === MessageType.VERDICT) {
      const farewell = farewellOf(frame)
      if (farewell !== undefined) throw farewell
      // An answer that came after its question was given up.
      return
    }
    await this.#inbox.put(frame)
  }
}

function bucketOf(perSecond: number): TokenBucket {
  return new TokenBucket({ perSecond, burst: perSecond * 2, nowMs: performance.now() })
}
