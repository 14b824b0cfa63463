/** Who has the lead and does not answer for so long loses it to the next; its answer, when it comes, is taken all the same. */
const LEAD_MS = 5_000

/**
 * One peer at a time tells its headers: the next is asked when the first has told all, and has then only to tell what it knows beyond
 * them. So a long chain of headers is fetched once, and yet checked by what everybody else says.
 */
export class HeaderLead {
  readonly #line: (() => void)[] = []
  #taken = false

  /** Resolves with a term once it is one's turn. */
  async take(): Promise<HeaderTerm> {
    if (this.#taken) await new Promise<void>((resolve) => this.#line.push(resolve))
    this.#taken = true
    return new HeaderTerm(() => {
      const next = this.#line.shift()
      if (next === undefined) this.#taken = false
      else next()
    })
  }
}

/** The time of one peer in the lead. */
export class HeaderTerm implements Disposable {
  #end: (() => void) | undefined

  constructor(end: () => void) {
    this.#end = end
  }

  /** Waits for an answer of the peer; where it takes long, the others wait for it no more. */
  async during<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this[Symbol.dispose](), LEAD_MS)
    try {
      return await answer
    } finally {
      clearTimeout(timer)
    }
  }

  [Symbol.dispose](): void {
    const end = this.#end
    this.#end = undefined
    end?.()
  }
}
