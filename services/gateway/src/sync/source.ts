import type { Peer } from '../peers/peer.ts'

/** Blocks on their way from one peer: what it gets at first, and at most. */
const FIRST_CAP = 16
const MAX_CAP = 128
/** A peer is asked for as much as it sends within this time, about. */
const AIM_MS = 500
/** With so few bytes a second a block never comes; with more it may be a large one. */
const LEAST_BYTES_PER_S = 8 * 1024
/** However many bytes come: a block has to be complete after so many times our patience. */
const BLOCK_PATIENCES = 10
/** Blocks that come too late, once they are asked for one by one: then the peer is too slow for us. */
const MAX_STRIKES = 3

interface Asked {
  readonly atMs: number
  /** Whether the peer is known to have it. */
  readonly owed: boolean
}

/** One peer as a source of blocks: what it was asked for, and how it delivers, by measure. Times in milliseconds. */
export class Source {
  readonly peer: Peer
  readonly inFlight = new Map<string, Asked>()
  #cap = FIRST_CAP
  #shrunkMs = Number.NEGATIVE_INFINITY
  #lastCameMs = Number.NEGATIVE_INFINITY
  #busySinceMs = 0
  #progressMs = 0
  #measured = { ms: 0, bytes: 0 }
  #strikes = 0

  constructor(peer: Peer) {
    this.peer = peer
  }

  /** Blocks it may be asked for now. Not one by one: questions are counted too. */
  get room(): number {
    return this.inFlight.size > this.#cap / 2 ? 0 : this.#cap - this.inFlight.size
  }

  asked(key: string, nowMs: number, owed: boolean): void {
    if (this.inFlight.size === 0) {
      this.#busySinceMs = nowMs
      this.#progressMs = nowMs
      this.#measured = { ms: nowMs, bytes: this.peer.connection.stats.bytesReceived }
    }
    this.inFlight.set(key, { atMs: nowMs, owed })
  }

  /** A block came that it was asked for. */
  came(key: string, nowMs: number): void {
    const asked = this.inFlight.get(key)
    this.inFlight.delete(key)
    this.#lastCameMs = nowMs
    this.#progressMs = nowMs
    if (asked === undefined) return
    const tookMs = nowMs - asked.atMs
    if (tookMs <= AIM_MS) {
      this.#cap = Math.min(MAX_CAP, this.#cap + 1)
      this.#strikes = 0
    } else if (tookMs > 2 * AIM_MS) this.#shrink(nowMs)
  }

  /** When a block of it came last. */
  get lastCameMs(): number {
    return this.#lastCameMs
  }

  /** When it last made progress with what it owes. */
  get progressMs(): number {
    return this.#progressMs
  }

  /** Looks at what came since the last look. */
  measure(nowMs: number): void {
    if (this.inFlight.size === 0) return
    const bytes = this.peer.connection.stats.bytesReceived
    const seconds = (nowMs - this.#measured.ms) / 1_000
    if (seconds > 0 && bytes - this.#measured.bytes >= seconds * LEAST_BYTES_PER_S) this.#progressMs = nowMs
    this.#measured = { ms: nowMs, bytes }
  }

  /** Owes blocks, and makes no progress with them. */
  isStalled(nowMs: number, patienceMs: number): boolean {
    if (this.inFlight.size === 0) return false
    const lastMs = Math.max(this.#busySinceMs, this.#lastCameMs)
    return nowMs - this.#progressMs >= patienceMs || nowMs - lastMs >= BLOCK_PATIENCES * patienceMs
  }

  /** Takes back all that it was asked for. @returns the keys, and whether it should have had one of them */
  takeBack(): { keys: string[]; owed: boolean } {
    const keys = [...this.inFlight.keys()]
    const owed = [...this.inFlight.values()].some((asked) => asked.owed)
    this.inFlight.clear()
    this.#cap = 1
    return { keys, owed }
  }

  /** What it was asked for longer ago than that. */
  overdue(nowMs: number, patienceMs: number): string[] {
    return [...this.inFlight].flatMap(([key, { atMs }]) => (nowMs - atMs >= patienceMs ? [key] : []))
  }

  /** Takes back what it was asked for longer ago than that: it sends, but not as fast as the others need. */
  takeOverdue(nowMs: number, patienceMs: number): string[] {
    const keys = this.overdue(nowMs, patienceMs)
    if (keys.length === 0) return keys
    for (const key of keys) this.inFlight.delete(key)
    if (this.#cap === 1) this.#strikes++
    this.#shrink(nowMs)
    return keys
  }

  get isTooSlow(): boolean {
    return this.#strikes >= MAX_STRIKES
  }

  #shrink(nowMs: number): void {
    if (nowMs - this.#shrunkMs < AIM_MS) return
    this.#shrunkMs = nowMs
    this.#cap = Math.max(1, Math.floor(this.#cap / 2))
  }
}
