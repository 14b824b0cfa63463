import { setImmediate } from 'node:timers/promises'
import type { CodedError } from '@camelid/errors'
import { ChainError } from '../chain-error.ts'
import type { Accepted, Offer } from './accept-batch.ts'

/** Transactions judged together at most: enough to share the cost of a commit, few enough that blocks do not wait for long. */
const MAX_BATCH = 500
/** What may wait: in number and, since one may have 100 kB, in bytes. */
const MAX_WAITING = 5_000
const MAX_WAITING_BYTES = 32 * 1024 * 1024

interface Waiting {
  readonly offer: Offer
  readonly answer: PromiseWithResolvers<Accepted | CodedError>
}

/** Judges transactions in batches of whatever came while the batch before was judged: nobody waits for a batch to fill. */
export class TransactionBatcher {
  readonly #judge: (offers: readonly Offer[]) => Promise<(Accepted | CodedError)[]>
  readonly #waiting: Waiting[] = []
  #bytes = 0
  #running = false

  /** @param judge answers by position; what it throws is the answer of all */
  constructor(judge: (offers: readonly Offer[]) => Promise<(Accepted | CodedError)[]>) {
    this.#judge = judge
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** @throws ChainError BUSY where too much waits already; what the judge throws */
  async submit(offer: Offer): Promise<Accepted | CodedError> {
    if (this.#waiting.length >= MAX_WAITING || this.#bytes + offer.raw.length > MAX_WAITING_BYTES)
      throw new ChainError('BUSY', `${this.#waiting.length} transactions wait already: try again later`)
    const answer = Promise.withResolvers<Accepted | CodedError>()
    this.#waiting.push({ offer, answer })
    this.#bytes += offer.raw.length
    if (!this.#running) void this.#run()
    return await answer.promise
  }

  async #run(): Promise<void> {
    this.#running = true
    // After all messages that have arrived by now.
    await setImmediate()
    while (this.#waiting.length > 0) await this.#runBatch(this.#waiting.splice(0, MAX_BATCH))
    this.#running = false
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    for (const { offer } of batch) this.#bytes -= offer.raw.length
    try {
      const answers = await this.#judge(batch.map(({ offer }) => offer))
      for (const [i, { answer }] of batch.entries()) {
        const found = answers[i]
        if (found === undefined) answer.reject(new RangeError('a transaction was judged without an answer'))
        else answer.resolve(found)
      }
    } catch (error) {
      for (const { answer } of batch) answer.reject(error)
    }
  }
}
