import { equalBytes } from '@camelid/crypto'
import type { IndexedHeader } from '../store/headers.ts'
import type { HeaderIndex } from './header-index.ts'

/** A branch longer than this is asked for once it is the best. */
const MAX_BRANCH_STEPS = 2_000

/**
 * The way from what is complete here to the header with the most work: which blocks are wanted next.
 * It holds only headers above the last linked one, 32 bytes each.
 */
export class HeaderPath {
  readonly #headers: HeaderIndex
  readonly #byHeight = new Map<number, Uint8Array>()
  #best: IndexedHeader

  constructor(headers: HeaderIndex, best: IndexedHeader) {
    this.#headers = headers
    this.#best = best
  }

  get best(): IndexedHeader {
    return this.#best
  }

  /** Headers above the last linked one. */
  get length(): number {
    return this.#byHeight.size
  }

  /** A header with more work than all before, or the best that is left after a branch turned out invalid. */
  async follow(best: IndexedHeader): Promise<void> {
    for (const height of [...this.#byHeight.keys()]) if (height > best.height) this.#byHeight.delete(height)
    this.#best = best
    let node = best
    while (!node.linked) {
      const known = this.#byHeight.get(node.height)
      if (known !== undefined && equalBytes(known, node.hash)) break
      this.#byHeight.set(node.height, node.hash)
      node = await this.#headers.parentOf(node)
    }
    if (node.linked)
      for (const height of [...this.#byHeight.keys()]) if (height <= node.height) this.#byHeight.delete(height)
  }

  /** These headers became linked: their blocks are wanted no more. */
  linked(headers: readonly { hash: Uint8Array; height: number }[]): void {
    for (const { hash, height } of headers) {
      const known = this.#byHeight.get(height)
      if (known !== undefined && equalBytes(known, hash)) this.#byHeight.delete(height)
    }
  }

  /** Hashes of blocks that are missing, the lowest first, at most `limit`. */
  async wanted(limit: number): Promise<Uint8Array[]> {
    const missing: Uint8Array[] = []
    const first = this.#best.height - this.#byHeight.size + 1
    for (let height = first; height <= this.#best.height && missing.length < limit; height++) {
      const hash = this.#byHeight.get(height)
      if (hash === undefined) continue
      const node = await this.#headers.find(hash)
      if (node !== undefined && !node.hasBlock) missing.push(hash)
    }
    return missing
  }

  /** The same for a branch that may not be the best, yet could be connected now: a withheld block must not hold up the rest. */
  async wantedFor(tip: IndexedHeader, branch: IndexedHeader, limit: number): Promise<Uint8Array[]> {
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

  /** Whether the block of this header lies on the way to the best header. */
  leadsTo(node: IndexedHeader): boolean {
    const known = this.#byHeight.get(node.height)
    return known !== undefined && equalBytes(known, node.hash)
  }
}
