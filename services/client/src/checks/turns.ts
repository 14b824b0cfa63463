/** Lets a few through at once; the others wait in line. There are as many as jobs under way, at most. */
export class Turns {
  readonly #places: number
  readonly #line: (() => void)[] = []
  #inside = 0

  constructor(places: number) {
    this.#places = places
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#places) this.#inside++
    else await new Promise<void>((resolve) => this.#line.push(resolve))
    try {
      return await work()
    } finally {
      // Who leaves hands its place to the next in line.
      const next = this.#line.shift()
      if (next === undefined) this.#inside--
      else next()
    }
  }
}
