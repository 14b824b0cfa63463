import { type CandidateRequest, type Candidates, toCandidates } from '@camelid/rastic'
import { highest, idsFrom } from './highest.ts'
import { idsInOrder } from './in-order.ts'

/** One for each id, zero but while lists are put together: a set of ids costs more than all else that a list does. */
let marks = new Uint8Array(0)

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
      ids = idsInOrder(logits, eachOnce(logits.length, ids, reaching, tokens))
    }
    return toCandidates({ ids, logits: ids.map((id) => logits[id] ?? Number.NaN) }, request, logits.length)
  }
}

/** What is in any of some lists of ids, told once. */
function eachOnce(vocabularySize: number, ...lists: readonly (readonly number[])[]): number[] {
  if (marks.length < vocabularySize) marks = new Uint8Array(vocabularySize)
  const found: number[] = []
  for (const list of lists) {
    for (const id of list) {
      if (marks[id] === 1) continue
      marks[id] = 1
      found.push(id)
    }
  }
  for (const id of found) marks[id] = 0
  return found
}
