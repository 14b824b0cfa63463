import type { Socket } from 'node:net'
import { TokenBucket } from '@camelid/runtime'
import { LineReader } from './line-reader.ts'
import { goodbyeLine } from './messages.ts'
import { Session, type SessionHost } from './session.ts'

/** Requests a second in the long run and at once; whoever sends more is read more slowly. */
const PER_SECOND = 100
const BURST = 1_000
/** A miner that reads nothing is let go before it costs more memory than this. */
const MAX_UNSENT_BYTES = 256 * 1024
/** Time to subscribe and authorize, and time without any request, milliseconds. */
const LOGIN_MS = 30_000
const SILENCE_MS = 15 * 60_000
/** Time for the last line to leave, milliseconds. */
const GOODBYE_MS = 1_000

export type ConnectionHost = Omit<SessionHost, 'send' | 'close'> & {
  /** Called once, with why it ended. */
  readonly onClosed: (reason: string) => void
}

/** One miner's TCP connection. Whatever comes in, nothing here throws. */
export class Connection {
  readonly session: Session
  /** Resolves when it is gone. */
  readonly ended: Promise<void>
  readonly #socket: Socket
  readonly #reader = new LineReader()
  readonly #bucket: TokenBucket
  readonly #nowMs: () => number
  readonly #openedMs: number
  #heardMs: number
  #waiting: string[] = []
  #timer: NodeJS.Timeout | undefined
  #reason: string | undefined

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket
    this.#nowMs = host.nowMs
    this.#openedMs = host.nowMs()
    this.#heardMs = this.#openedMs
    this.#bucket = new TokenBucket({ perSecond: PER_SECOND, burst: BURST, nowMs: this.#openedMs })
    this.session = new Session({ ...host, send: (line) => this.#send(line), close: (reason) => this.close(reason) })
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 60_000)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    // 'close' follows, and says the rest.
    socket.on('error', (error) => {
      this.#reason ??= `SOCKET_ERROR: ${error.message}`
    })
    this.ended = new Promise((resolve) => {
      socket.on('close', () => {
        clearTimeout(this.#timer)
        host.onClosed(this.#reason ?? 'CLOSED_BY_PEER')
        resolve()
      })
    })
  }

  /** Ends it, telling why. */
  close(reason: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#waiting = []
    clearTimeout(this.#timer)
    sayGoodbye(this.#socket, reason)
  }

  /** To be called now and then. */
  tick(): void {
    const now = this.#nowMs()
    if (!this.session.ready && now - this.#openedMs > LOGIN_MS)
      this.close(`LOGIN_TIMEOUT: mining.subscribe and mining.authorize within ${LOGIN_MS / 1_000} s`)
    else if (now - this.#heardMs > SILENCE_MS) this.close(`IDLE_TIMEOUT: no request for ${SILENCE_MS / 60_000} minutes`)
    else this.session.tick()
  }

  #take(chunk: Buffer): void {
    if (this.#reason !== undefined) return
    this.#heardMs = this.#nowMs()
    const lines = this.#reader.push(chunk)
    if (lines === undefined) {
      this.close('LINE_TOO_LONG: a request has at most 4096 bytes')
      return
    }
    this.#waiting.push(...lines)
    this.#work()
  }

  /** Answers what waits as fast as is allowed; meanwhile nothing more is read, so what waits is one chunk at most. */
  #work(): void {
    while (this.#reason === undefined) {
      const line = this.#waiting.shift()
      if (line === undefined) {
        this.#socket.resume()
        return
      }
      this.session.handle(line)
      const pause = this.#bucket.take(1, this.#nowMs())
      if (pause > 0) {
        this.#socket.pause()
        this.#timer = setTimeout(() => this.#work(), pause)
        return
      }
    }
  }

  #send(line: string): void {
    if (this.#reason !== undefined) return
    this.#socket.write(line)
    if (this.#socket.writableLength <= MAX_UNSENT_BYTES) return
    this.#reason = 'SLOW_READER: it does not read what it is sent'
    this.#socket.destroy()
  }
}

/** Says why, and ends the connection whether the other side reads it or not. */
export function sayGoodbye(socket: Socket, reason: string): void {
  socket.end(goodbyeLine(reason))
  const timer = setTimeout(() => socket.destroy(), GOODBYE_MS)
  socket.once('close', () => clearTimeout(timer))
}
