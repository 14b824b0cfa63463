import { equalBytes } from '@camelid/crypto'
import type { IndexedHeader } from '../store/headers.ts'
import type { HeaderIndex } from './header-index.ts'

/** A branch longer than this is asked for once it is the best. */
const MAX_BRANCH_STEPS = 2_000
/** Heights whose hash is held for the whole way: from each the part below it is read again when its blocks are wanted. */
const MARK_EVERY = 2_000
/** Headers that a locator names one by one. */
const LOCATOR_RUN = 10
/** Heights that are held at least, so that there is always enough to ask for. */
const LEAST_PART = 2_000

/**
 * The way from what is complete here to the header with the most work: which blocks are wanted next. However long it is, it holds the hashes
 * of a part at its lower end and one in 2,000 of the rest.
 */
export class HeaderPath {
  readonly #headers: HeaderIndex
  #best: IndexedHeader
  /** The way begins above this height. */
  #base: number
  readonly #marks = new Map<number, Uint8Array>()
  /** The lower end, by height; empty until it is asked for. */
  readonly #part = new Map<number, Uint8Array>()
  #partTop = 0
  #epoch = 0
  readonly #minimumWork: bigint

  /**
   * @param linked a header whose block is complete, e.g. the tip
   * @param minimumWork no block is wanted before there is a header with as much work
   */
  constructor(headers: HeaderIndex, linked: IndexedHeader, minimumWork = 0n) {
    this.#headers = headers
    this.#minimumWork = minimumWork
    this.#best = linked
    this.#base = linked.height
  }

  get best(): IndexedHeader {
    return this.#best
  }

  /** Another number each time the best header is of another branch than the one before. */
  get epoch(): number {
    return this.#epoch
  }

  /** Headers above the last linked one, about. */
  get length(): number {
    return this.#best.height - this.#base
  }

  /** Hashes held. */
  get held(): number {
    return this.#marks.size + this.#part.size
  }

  /** A header with more work than all before, or the best that is left after a branch turned out invalid. */
  async follow(best: IndexedHeader): Promise<void> {
    const before = this.#best
    const marks = new Map<number, Uint8Array>()
    for await (const { hash, height, linked } of this.#headers.back(best)) {
      if (!linked && equalBytes(hash, before.hash)) break
      const mark = this.#marks.get(height)
      if (linked || (mark !== undefined && equalBytes(mark, hash))) {
        if (!equalBytes(hash, before.hash)) this.#epoch++
        this.#startAnew(height, linked)
        break
      }
      if (height % MARK_EVERY === 0) marks.set(height, hash)
    }
    for (const [height, hash] of marks) this.#marks.set(height, hash)
    this.#best = best
  }

  /** These headers became linked: their blocks are wanted no more. */
  linked(headers: readonly { hash: Uint8Array; height: number }[]): void {
    for (const { hash, height } of headers) {
      if (height <= this.#base || !this.#has(hash, height)) continue
      this.#base = height
      this.#part.delete(height)
      this.#marks.delete(height)
    }
  }

  /** Hashes of blocks that are missing, the lowest first, at most `limit`. */
  async wanted(limit: number): Promise<Uint8Array[]> {
    return (await this.missing(limit)).map(({ hash }) => hash)
  }

  /** Headers whose blocks are missing, the lowest first, at most `limit`, and no more than about 2,000. */
  async missing(limit: number): Promise<IndexedHeader[]> {
    if (this.length <= 0 || limit <= 0 || this.#best.work < this.#minimumWork) return []
    if (this.#partTop < Math.min(this.#base + LEAST_PART, this.#best.height)) await this.#loadPart()
    const missing: IndexedHeader[] = []
    for (let height = this.#base + 1; missing.length < limit; height++) {
      const hash = this.#part.get(height)
      if (hash === undefined) break
      const node = await this.#headers.find(hash)
      if (node !== undefined && !node.hasBlock) missing.push(node)
    }
    return missing
  }

  /** Whether this header lies on the way from what is complete to the best header, or is an ancestor of it that is not linked yet. */
  async includes(node: IndexedHeader): Promise<boolean> {
    if (node.linked || node.height > this.#best.height) return false
    let above = this.#best
    for (const [height, hash] of this.#marks)
      if (height >= node.height && height < above.height) above = await this.#headers.require(hash)
    const from = this.#part.get(node.height)
    if (from !== undefined) return equalBytes(from, node.hash)
    for await (const { hash, height } of this.#headers.back(above))
      if (height <= node.height) return equalBytes(hash, node.hash)
    return false
  }

  /** Hashes of the way from the best header down to what is complete, at growing distances. */
  async locator(): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = []
    for await (const { hash, linked } of this.#headers.back(this.#best)) {
      if (linked || hashes.length > LOCATOR_RUN) break
      hashes.push(hash)
    }
    let distance = LOCATOR_RUN
    for (const [height, hash] of [...this.#marks].sort(([a], [b]) => b - a)) {
      if (this.#best.height - height < 2 * distance) continue
      distance = this.#best.height - height
      hashes.push(hash)
    }
    return hashes
  }

  /** The same for a branch that may not be the best, yet could be connected now: a withheld block must not hold up the rest. */
  async wantedFor(tip: IndexedHeader, branch: IndexedHeader, limit: number): Promise<Uint8Array[]> {
    if (branch.work < this.#minimumWork) return []
    if (branch.work <= tip.work || this.leadsTo(branch)) return await this.wanted(limit)
    const missing: Uint8Array[] = []
    let node = branch
    for (let steps = 0; !node.linked && steps < MAX_BRANCH_STEPS; steps++) {
      if (!node.hasBlock) missing.push(node.hash)
      node = await this.#headers.parentOf(node)
    }
    const first = missing.reverse().slice(0, limit)
    return [...first, ...(await this.wanted(limit - first.length))]
  }

  /** Whether the block of this header is known to lie on the way to the best header; those far up the way may not be. */
  leadsTo({ hash, height, linked }: IndexedHeader): boolean {
    return !linked && this.#has(hash, height)
  }

  #has(hash: Uint8Array, height: number): boolean {
    const known = height === this.#best.height ? this.#best.hash : (this.#part.get(height) ?? this.#marks.get(height))
    return known !== undefined && equalBytes(known, hash)
  }

  /** Another branch from `height` up: what was held above is of the old one. */
  #startAnew(height: number, linked: boolean): void {
    if (linked) this.#base = height
    this.#part.clear()
    this.#partTop = 0
    for (const marked of [...this.#marks.keys()]) if (marked > height || linked) this.#marks.delete(marked)
  }

  /** Reads the lower end of the way: from a mark, or the best header where none is high enough, down to what is linked. */
  async #loadPart(): Promise<void> {
    this.#part.clear()
    let marked = Number.POSITIVE_INFINITY
    for (const height of this.#marks.keys()) if (height >= this.#base + LEAST_PART) marked = Math.min(marked, height)
    const mark = this.#marks.get(marked)
    const top = mark === undefined ? this.#best : await this.#headers.require(mark)
    this.#partTop = top.height
    for await (const { hash, height, linked } of this.#headers.back(top)) {
      if (linked) {
        this.#base = height
        return
      }
      this.#part.set(height, hash)
    }
  }
}
