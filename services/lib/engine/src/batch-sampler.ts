import { type CandidateRequest, type Candidates, toCandidates, type Wanted } from '@camelid/rastic'
import { EngineError } from './errors.ts'
import { type LogitFilter, logitsOf, type NativeSampler, newSampler } from './library-insides.ts'
import { MAX_ROUNDS, neverSettled } from './token-reader.ts'

/** Outputs looked at a time: enough that Node's threads for such work (four by default) find some more when they end one. */
const LANES = 8

export type SampledContext = Parameters<typeof newSampler>[0]

interface Lane {
  /** Ranks the likeliest tokens. */
  readonly ranking: NativeSampler
  /** How many, at present. */
  topK: number
  /** Finds the likeliest token, and leaves all in their places. */
  readonly greedy: NativeSampler
  /** Resolves when the lane is free. */
  idle: Promise<unknown>
}

/** Logits of the batch that was decoded last. */
export class BatchSampler implements Disposable {
  readonly #context: SampledContext
  readonly #vocabularySize: number
  readonly #lanes: readonly Lane[]
  #next = 0

  constructor(context: SampledContext, vocabularySize: number) {
    this.#context = context
    this.#vocabularySize = vocabularySize
    this.#lanes = Array.from({ length: LANES }, () => {
      const greedy = newSampler(context)
      greedy.applyConfig({ temperature: 0 })
      return { ranking: newSampler(context), topK: 0, greedy, idle: Promise.resolve() }
    })
  }

  /**
   * Asks until the answer is judged to be enough.
   *
   * @throws EngineError ENGINE_FAILED; what `judge` throws
   */
  settle(batchIndex: number, wanted: Wanted): Promise<Candidates> {
    const lane = this.#lanes[this.#next++ % LANES]
    if (lane === undefined) throw new EngineError('ENGINE_FAILED', 'there is no lane')
    const settled = lane.idle.then(() => this.#settle(lane, batchIndex, wanted))
    lane.idle = settled.catch(() => {})
    return settled
  }

  /** Only once the context is no longer used. */
  [Symbol.dispose](): void {
    for (const { ranking, greedy } of this.#lanes) {
      ranking.dispose()
      greedy.dispose()
    }
  }

  async #settle(lane: Lane, batchIndex: number, { request, judge }: Wanted): Promise<Candidates> {
    let answer = await this.#list(lane, batchIndex, request)
    for (let round = 1; round < MAX_ROUNDS; round++) {
      const next = judge?.(answer)
      if (next === undefined) return answer
      answer = await this.#list(lane, batchIndex, next, answer)
    }
    if (judge?.(answer) === undefined) return answer
    throw neverSettled()
  }

  /** @param known an answer for the same output, of which only the rest is asked */
  async #list(
    lane: Lane,
    batchIndex: number,
    { top, tokens }: CandidateRequest,
    known?: Candidates,
  ): Promise<Candidates> {
    const ids: number[] = []
    const logits: number[] = []
    const add = (found: readonly number[]): void => {
      for (let i = 0; i < found.length; i += 2) {
        ids.push(found[i] ?? -1)
        logits.push(found[i + 1] ?? Number.NaN)
      }
    }
    if (known?.top === top) {
      ids.push(...known.ids)
      logits.push(...known.logits)
    } else if (top === 1) {
      add(await this.#sample(batchIndex, lane.greedy, { ids: [], chosen: true, top: 0 }))
    } else {
      add(await this.#sample(batchIndex, rankingBy(lane, top), { ids: [], chosen: false, top }))
    }
    const rest = tokens.filter((id) => !ids.includes(id))
    if (rest.length > 0) add(await this.#sample(batchIndex, lane.greedy, { ids: rest, chosen: false, top: 0 }))
    return toCandidates({ ids, logits }, top, this.#vocabularySize)
  }

  async #sample(batchIndex: number, sampler: NativeSampler, filter: LogitFilter): Promise<readonly number[]> {
    try {
      return await logitsOf(this.#context, batchIndex, sampler, filter)
    } catch (cause) {
      throw new EngineError('ENGINE_FAILED', 'llama.cpp gave no logits', { cause })
    }
  }
}

/** At temperature 1 logits are divided by one; the library's top-k ranks them, and drops the others. */
function rankingBy(lane: Lane, topK: number): NativeSampler {
  if (lane.topK !== topK) lane.ranking.applyConfig({ temperature: 1, topK, topP: 1, minP: 0, seed: 1 })
  lane.topK = topK
  return lane.ranking
}
