import { setImmediate } from 'node:timers/promises'
import type { Candidates, Wanted } from '@camelid/rastic'
import type { LlamaContextSequence } from 'node-llama-cpp'
import { BatchSampler, type SampledContext } from './batch-sampler.ts'
import { EngineError } from './errors.ts'
import { decodeTokens } from './library-insides.ts'
import type { TokenReader } from './token-reader.ts'

/** Between looks at whether outputs are there. */
const PREPARED_AT_A_TIME = 8

/** By what is inside the library: outputs are looked at several at a time, and again while they are there. */
export class BatchReader implements TokenReader {
  readonly #sampler: BatchSampler

  constructor(context: SampledContext, vocabularySize: number) {
    this.#sampler = new BatchSampler(context, vocabularySize)
  }

  async read(sequence: LlamaContextSequence, tokens: readonly number[], wanted: readonly Wanted[]) {
    const byToken = new Map(wanted.map((one) => [one.after, one]))
    const answers = new Map<Wanted, Promise<Candidates>>()
    const onOutput = (batchIndex: number, token: number): void => {
      const one = byToken.get(token)
      if (one === undefined) return
      const answer = this.#sampler.settle(batchIndex, one)
      answer.catch(() => {})
      answers.set(one, answer)
    }
    const afterBatch = async (): Promise<void> => void (await Promise.allSettled(answers.values()))
    const outputs = tokens.map((_, index) => byToken.has(index))
    let decoding = true
    const decoded = decodeTokens(sequence, tokens, outputs, { onOutput, afterBatch }).finally(() => {
      decoding = false
    })
    decoded.catch(() => {})
    // llama.cpp computes in a thread of its own; this one would be idle. An output that is here already needs no preparing.
    const prepared = wanted.flatMap(({ prepare }) => prepare ?? [])
    for (const [index, prepare] of prepared.entries()) {
      if (index % PREPARED_AT_A_TIME === 0) await setImmediate()
      if (!decoding || answers.size > 0) break
      prepare()
    }
    try {
      await decoded
    } catch (cause) {
      throw new EngineError('ENGINE_FAILED', 'llama.cpp failed to evaluate tokens', { cause })
    }
    return await Promise.all(
      wanted.map(async (one) => {
        const answer = await answers.get(one)
        if (answer === undefined) throw new EngineError('ENGINE_FAILED', 'llama.cpp left out an output')
        return answer
      }),
    )
  }

  [Symbol.dispose](): void {
    this.#sampler[Symbol.dispose]()
  }
}
