/** What changed: a new tip, or only what a template would hold. */
export type Ring = 'tip' | 'template'

/** A change of the mempool is told at most this often, and seldom enough that templates take a twentieth of our time. */
const TEMPLATE_INTERVAL_MS = 250
const REST_PER_TEMPLATE = 20

/** Tells all who follow the tip, within the same turn of the event loop. */
export class TipBell {
  readonly #followers = new Set<(ring: Ring) => void>()
  #timer: NodeJS.Timeout | undefined
  #intervalMs = TEMPLATE_INTERVAL_MS

  get followers(): number {
    return this.#followers.size
  }

  tipChanged(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const follower of this.#followers) follower('tip')
  }

  templateChanged(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      for (const follower of this.#followers) follower('template')
    }, this.#intervalMs).unref()
  }

  /** Notes how long the last template took, milliseconds: from a full mempool half a second. */
  templateTook(ms: number): void {
    this.#intervalMs = Math.max(TEMPLATE_INTERVAL_MS, REST_PER_TEMPLATE * ms)
  }

  /** Calls `follower` at every change until what it returns is called. */
  follow(follower: (ring: Ring) => void): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }
}
