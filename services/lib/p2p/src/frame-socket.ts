import type { TLSSocket } from 'node:tls'
import { create, toBinary } from '@bufbuild/protobuf'
import { MessageType, Outcome, VerdictSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { P2pError } from './errors.ts'
import { encodeFrame, type Frame, NO_ADDRESS } from './frame.ts'
import { FrameDecoder } from './frame-decoder.ts'
import { HEADER_BYTES } from './header.ts'
import type { KnownType } from './message-type.ts'
import type { ConnectionLimits, PeerOptions } from './options.ts'
import { randomId } from './random-id.ts'
import { SendQueue } from './send-queue.ts'

/** How long a closing socket may take to get its last words out, ms. */
const LINGER_MS = 1_000
/** How long a frame that may be gathered waits for others, ms; progress is for people to watch. */
const GATHER_MS = 50
const GATHER_PROGRESS_MS = 100

/** Frames over one TLS socket: reading on demand, writing through a bounded queue, one reason for its end. */
export class FrameSocket {
  readonly socket: TLSSocket
  readonly #magic: Uint8Array
  readonly #sender: Uint8Array
  readonly #decoder: FrameDecoder
  readonly #queue: SendQueue
  readonly #onTraffic: PeerOptions['onTraffic']
  readonly #closed = Promise.withResolvers<P2pError>()
  #reason: P2pError | undefined
  #wakeReader: (() => void) | undefined
  /** Bytes that came from the peer. */
  bytesReceived = 0
  /** Bytes handed to the socket or waiting for it. */
  bytesSent = 0

  /** @param options.limitOf see FrameDecoder; asked for each frame, so it may change with the state of the talk */
  constructor(options: {
    socket: TLSSocket
    magic: Uint8Array
    sender: Uint8Array
    limitOf: (type: KnownType) => number | undefined
    limits: ConnectionLimits
    onTraffic?: PeerOptions['onTraffic']
  }) {
    const { socket, limits } = options
    this.#onTraffic = options.onTraffic
    this.socket = socket
    this.#magic = options.magic
    this.#sender = options.sender
    this.#decoder = new FrameDecoder({ magic: options.magic, limitOf: options.limitOf })
    this.#queue = new SendQueue({
      socket,
      maxBytes: limits.sendQueueBytes,
      maxFrames: limits.sendQueueFrames,
      stallMs: limits.stallMs,
      onStall: () => this.close(new P2pError('SLOW_PEER', `the peer took nothing for ${limits.stallMs} ms`)),
    })
    socket.setNoDelay(true)
    socket.on('readable', () => this.#wake())
    socket.on('error', (cause) => this.#end(new P2pError('CONNECTION_LOST', cause.message, { cause })))
    socket.on('end', () => this.#end(new P2pError('CLOSED_BY_PEER', 'the peer closed the connection')))
    socket.on('close', () => this.#end(new P2pError('CONNECTION_LOST', 'the connection ended')))
  }

  /** Resolves, never rejects, with the reason for the end. */
  get closed(): Promise<P2pError> {
    return this.#closed.promise
  }

  /** The reason for the end, once it ended. */
  get reason(): P2pError | undefined {
    return this.#reason
  }

  /** Is a frame begun and not complete? */
  get partial(): boolean {
    return this.#decoder.partial
  }

  /**
   * The next frame; one reader at a time.
   * @throws P2pError the reason for the end; a frame that breaks a rule ends the socket itself
   */
  async read(): Promise<Frame> {
    for (;;) {
      if (this.#reason !== undefined) throw this.#reason
      const frame = this.#decode()
      if (frame !== undefined) {
        this.#onTraffic?.('in', frame.type, HEADER_BYTES + frame.payload.length)
        return frame
      }
      const chunk: unknown = this.socket.read()
      if (chunk instanceof Uint8Array) {
        this.bytesReceived += chunk.length
        this.#decoder.push(chunk)
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve
        })
      }
    }
  }

  /** Queues a frame of our own; false where the queue is full or the socket ended. */
  send(message: Partial<Frame> & Pick<Frame, 'type' | 'payload'>): boolean {
    return this.sendEncoded(
      message.type,
      encodeFrame(
        {
          ttl: 0,
          flood: false,
          messageId: message.messageId ?? randomId(),
          sender: this.#sender,
          receiver: NO_ADDRESS,
          ...message,
        },
        this.#magic,
      ),
    )
  }

  /** Queues the bytes of a frame, as encodeFrame made them. @param gather it may wait for others, see SendQueue */
  sendEncoded(type: KnownType, bytes: Uint8Array, gather = false): boolean {
    if (this.#reason !== undefined || !this.#queue.push(bytes, gather ? gatherMsOf(type) : 0)) return false
    this.bytesSent += bytes.length
    this.#onTraffic?.('out', type, bytes.length)
    return true
  }

  /** Resolves when there is room in the send queue again, or the socket ended. */
  room(): Promise<void> {
    return this.#queue.room()
  }

  /**
   * Ends the socket. Unless the network is at fault, the peer is told the code first, by a Verdict.
   * @param answered messageId of the frame that this answers, where there is one
   */
  close(reason: P2pError, answered?: Uint8Array): void {
    if (this.#reason !== undefined) return
    if (reason.code !== 'CONNECTION_LOST' && reason.code !== 'SLOW_PEER') this.#sayWhy(reason, answered)
    this.#end(reason)
  }

  #sayWhy(reason: P2pError, answered: Uint8Array | undefined): void {
    const { code } = reason.data
    const verdict = create(VerdictSchema, {
      messageId: answered ?? new Uint8Array(0),
      outcome: Outcome.REJECT,
      code: typeof code === 'string' ? code : reason.code,
      detail: reason.message.slice(0, 512),
    })
    this.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
  }

  #decode(): Frame | undefined {
    try {
      return this.#decoder.next()
    } catch (error) {
      if (!(error instanceof P2pError)) throw error
      this.close(error)
      throw error
    }
  }

  #end(reason: P2pError): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#queue.end()
    this.socket.end()
    // The peer may never close its side, and may never read ours.
    const linger = setTimeout(() => this.socket.destroy(), LINGER_MS)
    this.socket.once('close', () => clearTimeout(linger))
    if (reason.code === 'CONNECTION_LOST' || reason.code === 'SLOW_PEER') this.socket.destroy()
    this.#closed.resolve(reason)
    this.#wake()
  }

  #wake(): void {
    const wake = this.#wakeReader
    this.#wakeReader = undefined
    wake?.()
  }
}

const gatherMsOf = (type: KnownType): number => (type === MessageType.PROGRESS ? GATHER_PROGRESS_MS : GATHER_MS)
