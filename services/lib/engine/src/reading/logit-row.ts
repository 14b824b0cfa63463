import { type CandidateRequest, type Candidates, toCandidates } from '@camelid/rastic'
import { highest, idsFrom } from './highest.ts'
import { idsInOrder } from './in-order.ts'

/** The logits of one position, by token id, of which few are asked for, and then some more. */
export class LogitRow {
  readonly #logits: Float32Array
  /** Of the last `top`. */
  #likeliest: readonly number[] = []
  #top = 0

  constructor(logits: Float32Array) {
    this.#logits = logits
  }

  /** @throws RasticError BAD_LOGITS */
  list(request: CandidateRequest): Candidates {
    const { top, tokens, from } = request
    const logits = this.#logits
    if (top !== this.#top) this.#likeliest = highest(logits, top)
    this.#top = top
    let ids = this.#likeliest
    if (tokens.length > 0 || from !== undefined) {
      const reaching = from === undefined ? [] : idsFrom(logits, from)
      ids = idsInOrder(logits, [...new Set([...ids, ...reaching, ...tokens])])
    }
    return toCandidates({ ids, logits: ids.map((id) => logits[id] ?? Number.NaN) }, request, logits.length)
  }
}
