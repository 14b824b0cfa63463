import { setImmediate } from 'node:timers/promises'
import type { CodedError } from '@camelid/errors'
import { ChainError } from '../chain-error.ts'
import type { AcceptedBlock } from './accept-block.ts'
import { acceptBlocks } from './accept-blocks.ts'
import type { ChainState } from './chain-state.ts'
import { write } from './write.ts'

/** Blocks connected together at most; of full ones only one. */
const MAX_BATCH = 64
const MAX_BATCH_BYTES = 2 * 1024 * 1024
const MAX_WAITING_BYTES = 64 * 1024 * 1024

export interface BlockAnswer {
  readonly result: AcceptedBlock | CodedError
  /** Blocks wanted next. */
  readonly wanted: Uint8Array[]
}

interface Waiting {
  readonly raw: Uint8Array
  readonly answer: PromiseWithResolvers<BlockAnswer>
}

/** Judges blocks in batches of whatever came while the batch before was judged: nobody waits for a batch to fill. */
export class BlockBatcher {
  readonly #state: ChainState
  readonly #maxWanted: number
  readonly #waiting: Waiting[] = []
  #bytes = 0
  #running = false

  constructor(state: ChainState, options: { readonly maxWanted: number }) {
    this.#state = state
    this.#maxWanted = options.maxWanted
  }

  /** @throws ChainError BUSY where too much waits already; a failure of ours */
  async submit(raw: Uint8Array): Promise<BlockAnswer> {
    if (this.#bytes + raw.length > MAX_WAITING_BYTES)
      throw new ChainError('BUSY', `${this.#waiting.length} blocks wait already: try again later`)
    const answer = Promise.withResolvers<BlockAnswer>()
    this.#waiting.push({ raw, answer })
    this.#bytes += raw.length
    if (!this.#running) void this.#run()
    return await answer.promise
  }

  async #run(): Promise<void> {
    this.#running = true
    // After all messages that have arrived by now.
    await setImmediate()
    while (this.#waiting.length > 0) await this.#judge(this.#take())
    this.#running = false
  }

  #take(): Waiting[] {
    let bytes = 0
    const count = this.#waiting.findIndex(({ raw }, i) => {
      bytes += raw.length
      return i === MAX_BATCH || (i > 0 && bytes > MAX_BATCH_BYTES)
    })
    const batch = this.#waiting.splice(0, count < 0 ? this.#waiting.length : count)
    for (const { raw } of batch) this.#bytes -= raw.length
    return batch
  }

  async #judge(batch: readonly Waiting[]): Promise<void> {
    const state = this.#state
    try {
      const { results, wanted } = await write(state, async () => ({
        results: await acceptBlocks(
          state,
          batch.map(({ raw }) => raw),
        ),
        wanted: await state.path.wanted(this.#maxWanted),
      }))
      for (const [i, { answer }] of batch.entries()) {
        const result = results[i]
        if (result === undefined) answer.reject(new RangeError('a block was judged without an answer'))
        else answer.resolve({ result, wanted })
      }
    } catch (error) {
      for (const { answer } of batch) answer.reject(error)
    }
  }
}
