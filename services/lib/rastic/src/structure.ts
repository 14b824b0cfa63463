import type { Job } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import type { Engine } from './engine.ts'

/** A fault that needs no run of the model to be seen. */
export interface StructuralFault {
  readonly reason: string
  /** Index in the output where it diverges; −1 where that is no single place. */
  readonly at: number
}

export interface ClaimedOutput {
  readonly tokenIds: readonly number[]
  readonly text: Uint8Array
}

/**
 * Structure, and what truncation and padding show without the model (rastic: The check, 1 and 4): 1 ≤ B ≤ T, ids in range, one
 * end-of-generation token at most and that one last, the text spelt by the tokens. Undefined where there is no fault.
 */
export function findStructuralFault(
  engine: Pick<Engine, 'model' | 'detokenize'>,
  job: Pick<Job, 'maxTokens' | 'prefix'>,
  output: ClaimedOutput,
): StructuralFault | undefined {
  const { tokenIds, text } = output
  const { model } = engine
  const length = tokenIds.length
  if (length === 0) return { reason: 'the output is empty: at least one token must be generated', at: 0 }
  const foreign = tokenIds.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= model.vocabularySize)
  if (foreign >= 0) {
    const reason = `token ${foreign} has id ${tokenIds[foreign]}, but the model knows only ${model.vocabularySize} tokens`
    return { reason, at: foreign }
  }
  const end = tokenIds.findIndex((id) => model.endOfGeneration(id))
  if (end >= 0 && end < length - 1) {
    return {
      reason: `the output goes on after its end: token ${end} ends it, ${length - end - 1} more follow`,
      at: end + 1,
    }
  }
  if (length > job.maxTokens) {
    return { reason: `the output has ${length} tokens, more than the ${job.maxTokens} asked for`, at: job.maxTokens }
  }
  if (length < job.maxTokens && end < 0) {
    const reason = `the output was cut off after ${length} of ${job.maxTokens} tokens: the model had not ended there`
    return { reason, at: length }
  }
  if (!equalBytes(engine.detokenize(job.prefix, tokenIds), text)) {
    return { reason: 'the text is not what the tokens spell', at: -1 }
  }
  return undefined
}
