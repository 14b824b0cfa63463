/** Gives out the best first: a binary heap. */
export class Heap<T> {
  readonly #isBetter: (a: T, b: T) => boolean
  readonly #items: T[]

  /** @param items taken over, not copied */
  constructor(isBetter: (a: T, b: T) => boolean, items: T[]) {
    this.#isBetter = isBetter
    this.#items = items
    for (let at = (items.length >>> 1) - 1; at >= 0; at--) this.#sink(at)
  }

  push(item: T): void {
    let at = this.#items.length
    this.#items.push(item)
    while (at > 0) {
      const above = (at - 1) >>> 1
      const parent = this.#items[above]
      if (parent === undefined || !this.#isBetter(item, parent)) break
      this.#items[at] = parent
      at = above
    }
    this.#items[at] = item
  }

  pop(): T | undefined {
    const best = this.#items[0]
    const last = this.#items.pop()
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last
      this.#sink(0)
    }
    return best
  }

  #sink(from: number): void {
    const items = this.#items
    const item = items[from]
    if (item === undefined) return
    let at = from
    for (;;) {
      const left = 2 * at + 1
      let best = items[left]
      if (best === undefined) break
      let below = left
      const right = items[left + 1]
      if (right !== undefined && this.#isBetter(right, best)) {
        best = right
        below = left + 1
      }
      if (!this.#isBetter(best, item)) break
      items[at] = best
      at = below
    }
    items[at] = item
  }
}
