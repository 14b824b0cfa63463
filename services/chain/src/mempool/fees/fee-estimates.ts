import type { Entry, Mempool } from '../mempool.ts'
import { feeRate } from '../mempool.ts'

/** Blocks within which one may ask to be mined. */
export const MAX_TARGET = 48
/** Buckets of fee rates: each begins this much above the one before, from the minimum relay fee up to 10,000 base units a byte. */
const STEP = 1.15
const TOP_RATE = 10_000
const BUCKETS = Math.ceil(Math.log(TOP_RATE) / Math.log(STEP)) + 1
/** What a block adds counts for half as much after 350 blocks. */
const DECAY = 0.998
/** Share of the transactions of a rate that must have been mined in time. */
const ENOUGH = 0.85
/** Transactions that must have been seen before a share says anything, after decay. */
const MIN_SEEN = 10
/** First byte of what is written down; another where buckets or counts mean something else. */
const FORM = 1
const COUNTS = (MAX_TARGET + 2) * BUCKETS
/** Transactions that are followed at once: a full mempool has fewer. */
const MAX_TRACKED = 200_000

interface Tracked {
  readonly bucket: number
  /** Of the tip when it came. */
  readonly height: number
}

/**
 * What fee rates have been mined how fast, learned from the transactions that this node saw come and go. Those that rest on unconfirmed
 * ones are left out, since others pay for them, and so are reservations, which wait for their time.
 */
export class FeeEstimates {
  readonly #tracked = new Map<string, Tracked>()
  /** By bucket: transactions mined, and by blocks waited, less one, those of them mined after so many. */
  readonly #seen = new Float64Array(BUCKETS)
  readonly #minedAfter = Array.from({ length: MAX_TARGET }, () => new Float64Array(BUCKETS))
  /** By bucket: sum of the rates of those mined. */
  readonly #rates = new Float64Array(BUCKETS)
  #blocks = 0

  /** So many blocks were learned from since the start. */
  get blocks(): number {
    return this.#blocks
  }

  /** Follows a transaction that came while the tip was at `height`. */
  track(mempool: Mempool, entry: Entry, height: number): void {
    const node = mempool.node(entry.key)
    if (entry.jobId !== null || node === undefined || node.ancestors.count > 1) return
    if (this.#tracked.size < MAX_TRACKED) this.#tracked.set(entry.key, { bucket: bucketOf(feeRate(entry)), height })
  }

  /**
   * Learns from a block. Call it while the mempool still holds what is in the block.
   * @param keys its txids in hex
   */
  learn(mempool: Mempool, block: { readonly height: number; readonly keys: Iterable<string> }): void {
    if (this.#tracked.size === 0) return
    this.#blocks++
    this.#decay()
    for (const key of block.keys) {
      const tracked = this.#tracked.get(key)
      const entry = mempool.get(key)
      if (tracked === undefined || entry === undefined) continue
      this.#tracked.delete(key)
      const { bucket } = tracked
      this.#seen[bucket] = (this.#seen[bucket] ?? 0) + 1
      this.#rates[bucket] = (this.#rates[bucket] ?? 0) + feeRate(entry)
      const counts = this.#minedAfter[Math.max(1, block.height - tracked.height) - 1]
      if (counts !== undefined) counts[bucket] = (counts[bucket] ?? 0) + 1
    }
    for (const key of this.#tracked.keys()) if (mempool.get(key) === undefined) this.#tracked.delete(key)
  }

  /**
   * The lowest fee rate, base units a byte, of which nearly all were mined within `target` blocks; null as long as too few were seen.
   * @param height of the tip: what has waited for longer than the target counts against its rate
   */
  estimate(target: number, height: number): number | null {
    const late = new Float64Array(BUCKETS)
    for (const { bucket, height: since } of this.#tracked.values())
      if (height - since >= target) late[bucket] = (late[bucket] ?? 0) + 1
    const inTime = this.#minedWithin(target)
    let best: number | null = null
    let group = { seen: 0, inTime: 0, late: 0, rates: 0 }
    // From the best paying down; buckets with few transactions are judged together.
    for (let bucket = BUCKETS - 1; bucket >= 0; bucket--) {
      group.seen += this.#seen[bucket] ?? 0
      group.inTime += inTime[bucket] ?? 0
      group.late += late[bucket] ?? 0
      group.rates += this.#rates[bucket] ?? 0
      if (group.seen + group.late < MIN_SEEN) continue
      if (group.inTime / (group.seen + group.late) < ENOUGH) break
      best = group.rates / group.seen
      group = { seen: 0, inTime: 0, late: 0, rates: 0 }
    }
    return best
  }

  /** All that was learned, without what is followed: a byte for the form, then the counts, f64 little-endian. */
  memory(): Uint8Array {
    const bytes = new Uint8Array(1 + 8 * COUNTS)
    const view = new DataView(bytes.buffer)
    bytes[0] = FORM
    for (const [i, counts] of this.#all().entries())
      for (const [bucket, count] of counts.entries()) view.setFloat64(1 + 8 * (i * BUCKETS + bucket), count, true)
    return bytes
  }

  /** Takes up what `memory` gave. @returns false, and changes nothing, where it is of another form or damaged */
  recall(bytes: Uint8Array): boolean {
    if (bytes.length !== 1 + 8 * COUNTS || bytes[0] !== FORM) return false
    const view = new DataView(bytes.buffer, bytes.byteOffset + 1)
    const learned = Float64Array.from({ length: COUNTS }, (_, i) => view.getFloat64(8 * i, true))
    if (!learned.every((count) => count >= 0 && count < Number.POSITIVE_INFINITY)) return false
    for (const [i, counts] of this.#all().entries()) counts.set(learned.subarray(i * BUCKETS, (i + 1) * BUCKETS))
    return true
  }

  #all(): readonly Float64Array[] {
    return [this.#seen, this.#rates, ...this.#minedAfter]
  }

  #minedWithin(target: number): Float64Array {
    const within = new Float64Array(BUCKETS)
    for (const counts of this.#minedAfter.slice(0, target))
      for (const [bucket, count] of counts.entries()) within[bucket] = (within[bucket] ?? 0) + count
    return within
  }

  #decay(): void {
    for (const counts of this.#all())
      for (let bucket = 0; bucket < BUCKETS; bucket++) counts[bucket] = (counts[bucket] ?? 0) * DECAY
  }
}

function bucketOf(rate: number): number {
  return Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log(Math.max(1, rate)) / Math.log(STEP))))
}
