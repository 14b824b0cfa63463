/**
 * A set that forgets what was added long ago: it holds the last `max` / 2 at least and `max` at most. Whole halves are forgotten at
 * once, which costs nothing for each.
 */
export class RollingSet<T> {
  readonly #half: number
  #young = new Set<T>()
  #old = new Set<T>()

  constructor(max: number) {
    this.#half = Math.max(1, Math.floor(max / 2))
  }

  has(value: T): boolean {
    return this.#young.has(value) || this.#old.has(value)
  }

  add(value: T): void {
    this.#young.add(value)
    if (this.#young.size < this.#half) return
    this.#old = this.#young
    this.#young = new Set()
  }
}
