/** What happens when, earliest first; of the same moment what was planned first. Times in milliseconds. */
export class Events {
  #heap: { at: number; order: number; run: () => void }[] = []
  #order = 0
  #now = 0

  get now(): number {
    return this.#now
  }

  at(at: number, run: () => void): void {
    const heap = this.#heap
    const event = { at, order: this.#order++, run }
    let i = heap.length
    heap.push(event)
    while (i > 0) {
      const above = (i - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(event, parent)) break
      heap[i] = parent
      i = above
    }
    heap[i] = event
  }

  /** Runs until nothing is left to happen. */
  run(): void {
    for (let next = this.#pop(); next !== undefined; next = this.#pop()) {
      this.#now = next.at
      next.run()
    }
  }

  #pop(): { at: number; run: () => void } | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let i = 0
    for (;;) {
      const [left, right] = [heap[2 * i + 1], heap[2 * i + 2]]
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? 2 * i + 2 : 2 * i + 1
      const below = heap[child]
      if (below === undefined || !isBefore(below, last)) break
      heap[i] = below
      i = child
    }
    heap[i] = last
    return first
  }
}

function isBefore(a: { at: number; order: number }, b: { at: number; order: number }): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
