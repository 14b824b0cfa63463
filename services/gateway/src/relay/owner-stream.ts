import { retry, sleep } from '@camelid/runtime'
import type { Logger } from 'pino'

/** What an owner (chain or job-pool) said about one object that a peer sent. */
export interface Judgement {
  readonly outcome: 'ok' | 'ignore' | 'reject' | 'unavailable'
  /** Misbehaviour of the sender, 0 to 100. */
  readonly score: number
  readonly code: string
  readonly detail: string
  /** Blocks the chain wants next, by hash. */
  readonly wanted: readonly Uint8Array[]
  /** Of headers: the last one's height, whether it lies on the way to our best header, and which way that is. */
  readonly height?: number | undefined
  readonly onBestPath?: boolean | undefined
  readonly pathEpoch?: number | undefined
}

interface OwnerResponse {
  readonly id: bigint
  readonly outcome: number
  readonly score: number
  readonly code: string
  readonly detail: string
  readonly wanted?: readonly Uint8Array[]
  readonly height?: number
  readonly onBestPath?: boolean
  readonly pathEpoch?: number
}

/** Bytes that may wait for the owner's word: beyond them peers are told to come back. */
const MAX_BYTES = 64 * 1024 * 1024
const MAX_OBJECTS = 4_096
/** Time in which the owner must have judged one object: a full block on a slow disk takes seconds. */
const JUDGE_MS = 60_000
/** Pauses before the stream is opened again: they grow while it breaks soon, as before a full disk. */
const FIRST_PAUSE_MS = 200
const LAST_PAUSE_MS = 5_000
const STEADY_MS = 10_000

interface Pending {
  readonly bytes: number
  readonly resolve: (judgement: Judgement) => void
  readonly timer: NodeJS.Timeout
}

/**
 * One long gRPC stream to an owner's Accept: objects go in, judgements come back by id. It reconnects for ever; what was
 * under way when it broke, and what comes while it is down, is "unavailable", which is no peer's fault.
 */
export class OwnerStream<Request extends { id: bigint }> {
  readonly #name: string
  readonly #open: (requests: AsyncIterable<Request>, signal: AbortSignal) => AsyncIterable<OwnerResponse>
  readonly #ready: (signal: AbortSignal) => Promise<void>
  readonly #onUp: () => void
  readonly #judgeMs: number
  readonly #log: Logger
  readonly #pending = new Map<bigint, Pending>()
  #queue: Request[] = []
  #wake: (() => void) | undefined
  #bytes = 0
  #nextId = 1n
  #connected = false

  constructor(options: {
    name: string
    open: (requests: AsyncIterable<Request>, signal: AbortSignal) => AsyncIterable<OwnerResponse>
    /** Resolves once the owner answers. */
    ready: (signal: AbortSignal) => Promise<void>
    /** Told each time the stream is up: what came while it was down was not judged. */
    onUp?: () => void
    /** Milliseconds in which one object must be judged. */
    judgeMs?: number
    log: Logger
  }) {
    this.#name = options.name
    this.#open = options.open
    this.#ready = options.ready
    this.#onUp = options.onUp ?? (() => undefined)
    this.#judgeMs = options.judgeMs ?? JUDGE_MS
    this.#log = options.log
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Objects that the owner has not taken yet. */
  get waiting(): number {
    return this.#queue.length
  }

  /**
   * The owner's judgement; never rejects. Objects reach the owner in the order of the calls.
   * @param bytes size of the object, for the bound on what waits
   */
  judge(make: (id: bigint) => Request, bytes: number): Promise<Judgement> {
    if (!this.#connected)
      return Promise.resolve(unavailable('UNAVAILABLE', `the ${this.#name} is down: try again later`))
    if (this.#pending.size > 0 && (this.#pending.size >= MAX_OBJECTS || this.#bytes + bytes > MAX_BYTES))
      return Promise.resolve(unavailable('OVERLOADED', `the ${this.#name} has too much to judge: try again later`))
    const id = this.#nextId++
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // An owner that hangs takes nothing: what nobody waits for any more must not stay for it.
        this.#queue = this.#queue.filter((request) => request.id !== id)
        this.#settle(id, unavailable('UNAVAILABLE', `the ${this.#name} did not answer within ${this.#judgeMs} ms`))
      }, this.#judgeMs)
      this.#pending.set(id, { bytes, resolve, timer })
      this.#bytes += bytes
      this.#queue.push(make(id))
      this.#wake?.()
    })
  }

  /** Keeps the stream up until `signal` aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS
    while (!signal.aborted) {
      const since = performance.now()
      try {
        await retry(() => this.#ready(signal), { signal, log: this.#log, what: this.#name, maxDelayMs: 1_000 })
        await this.#session(signal)
      } catch (error) {
        if (!signal.aborted)
          this.#log.warn({ err: error, owner: this.#name }, 'the stream to an owner broke; reconnecting')
      }
      if (performance.now() - since > STEADY_MS) pause = FIRST_PAUSE_MS
      await sleep(pause, signal).catch(() => undefined)
      pause = Math.min(LAST_PAUSE_MS, pause * 2)
    }
  }

  async #session(signal: AbortSignal): Promise<void> {
    const broken = new AbortController()
    this.#queue = []
    this.#connected = true
    this.#log.info({ owner: this.#name }, 'the stream to an owner is up')
    this.#onUp()
    try {
      const responses = this.#open(this.#requests(AbortSignal.any([signal, broken.signal])), signal)
      for await (const response of responses) this.#settle(response.id, judgementOf(response))
    } finally {
      this.#connected = false
      broken.abort()
      this.#wake?.()
      for (const id of [...this.#pending.keys()])
        this.#settle(id, unavailable('UNAVAILABLE', `the ${this.#name} went down: try again later`))
      this.#queue = []
    }
  }

  async *#requests(signal: AbortSignal): AsyncGenerator<Request> {
    const wake = (): void => this.#wake?.()
    signal.addEventListener('abort', wake, { once: true })
    while (!signal.aborted) {
      const next = this.#queue.shift()
      if (next !== undefined) yield next
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  #settle(id: bigint, judgement: Judgement): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) return
    this.#pending.delete(id)
    this.#bytes -= pending.bytes
    clearTimeout(pending.timer)
    pending.resolve(judgement)
  }
}

function unavailable(code: string, detail: string): Judgement {
  return { outcome: 'unavailable', score: 0, code, detail, wanted: [] }
}

/** Both owners number their outcomes alike: 1 ok, 2 ignore, 3 reject. */
function judgementOf(response: OwnerResponse): Judgement {
  const { outcome, score, code, detail, wanted = [], height, onBestPath, pathEpoch } = response
  const named = outcome === 1 ? 'ok' : outcome === 2 ? 'ignore' : 'reject'
  return { outcome: named, score, code, detail, wanted, height, onBestPath, pathEpoch }
}
