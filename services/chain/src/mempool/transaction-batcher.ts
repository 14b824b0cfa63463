import { setImmediate } from 'node:timers/promises'
import type { CodedError } from '@camelid/errors'
import { ChainError } from '../chain-error.ts'
import type { Accepted, JudgedBatch, Offer, ParsedOffer } from './accept-batch.ts'
import { isRefusal, refusalOr } from './judge-batch.ts'

/** Transactions judged together at most: enough to share the cost of a commit, few enough that blocks do not wait for long. */
const MAX_BATCH = 500
/** From so many on the next batch is judged while the one before is still being stored; fewer wait for that, and for company. */
const OVERLAP = 100
/** What may wait: in number and, since one may have 100 kB, in bytes. */
const MAX_WAITING = 5_000
const MAX_WAITING_BYTES = 32 * 1024 * 1024

/** What is done with transactions, step by step. */
interface BatchSteps {
  /** Where nothing else changes the mempool: the writer. */
  readonly inWriter: (task: () => Promise<void>) => Promise<void>
  /** Whether others wait for the writer: they have their turn between two batches. */
  readonly isAwaited: () => boolean
  /** @throws what is wrong with the bytes */
  readonly parse: (offer: Offer) => ParsedOffer
  /** In memory alone. */
  readonly judge: (offers: readonly ParsedOffer[]) => Promise<JudgedBatch>
  readonly store: (change: JudgedBatch['change']) => Promise<void>
  /** What those who wait are told of a failure of `judge` or `store`. */
  readonly explain: (error: unknown) => unknown
}

interface Waiting {
  readonly offer: ParsedOffer
  readonly answer: PromiseWithResolvers<Accepted | CodedError>
}

/**
 * Judges transactions in batches of whatever came while the batch before was judged and stored: nobody waits for a batch to fill. Nobody
 * has an answer before it is stored.
 */
export class TransactionBatcher {
  readonly #steps: BatchSteps
  readonly #waiting: Waiting[] = []
  #bytes = 0
  #running = false
  #enough = Promise.withResolvers<void>()

  constructor(steps: BatchSteps) {
    this.#steps = steps
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** @throws ChainError BUSY where too much waits already; what a step throws */
  async submit(offer: Offer): Promise<Accepted | CodedError> {
    if (this.#waiting.length >= MAX_WAITING || this.#bytes + offer.raw.length > MAX_WAITING_BYTES)
      throw new ChainError('BUSY', `${this.#waiting.length} transactions wait already: try again later`)
    const parsed = refusalOr(() => this.#steps.parse(offer))
    if (isRefusal(parsed)) return parsed
    const answer = Promise.withResolvers<Accepted | CodedError>()
    this.#waiting.push({ offer: parsed, answer })
    this.#bytes += offer.raw.length
    if (this.#waiting.length >= OVERLAP) this.#enough.resolve()
    if (!this.#running) void this.#run()
    return await answer.promise
  }

  async #run(): Promise<void> {
    this.#running = true
    // After all messages that have arrived by now.
    await setImmediate()
    while (this.#waiting.length > 0) {
      let begun = false
      try {
        await this.#steps.inWriter(() => {
          begun = true
          return this.#runBatches()
        })
      } catch (error) {
        // Where the writer had no time, all must know; else those of the batch that failed do, and the others have their turn.
        if (!begun) this.#failAll(this.#take(MAX_WAITING), error)
      }
    }
    this.#running = false
  }

  async #runBatches(): Promise<void> {
    let stored: Promise<void> = Promise.resolve()
    do {
      const batch = this.#take(MAX_BATCH)
      try {
        stored = this.#store(batch, await this.#steps.judge(batch.map(({ offer }) => offer)), stored)
      } catch (error) {
        this.#failAll(batch, error)
        // The writer is not free while something is being stored.
        await stored.catch(() => undefined)
        throw error
      }
      await Promise.race([stored, this.#enough.promise])
    } while (this.#waiting.length > 0 && !this.#steps.isAwaited())
    await stored
  }

  /** Stores what was judged once the batch before is stored, without which it would not hold; then answers. */
  #store(batch: readonly Waiting[], { answers, change }: JudgedBatch, before: Promise<void>): Promise<void> {
    const stored = before.then(() => this.#steps.store(change))
    stored.then(
      () => answerAll(batch, answers),
      (error: unknown) => this.#failAll(batch, error),
    )
    return stored
  }

  #failAll(batch: readonly Waiting[], error: unknown): void {
    const explained = this.#steps.explain(error)
    for (const { answer } of batch) answer.reject(explained)
  }

  #take(count: number): Waiting[] {
    const taken = this.#waiting.splice(0, count)
    for (const { offer } of taken) this.#bytes -= offer.parsed.raw.length
    if (this.#waiting.length < OVERLAP) this.#enough = Promise.withResolvers<void>()
    return taken
  }
}

function answerAll(batch: readonly Waiting[], answers: JudgedBatch['answers']): void {
  for (const [i, { answer }] of batch.entries()) {
    const found = answers[i]
    if (found === undefined) answer.reject(new RangeError('a transaction was judged without an answer'))
    else answer.resolve(found)
  }
}
