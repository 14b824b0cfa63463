import type { Candidates, Wanted } from '@camelid/rastic'
import type { LlamaContextSequence } from 'node-llama-cpp'
import { EngineError } from './errors.ts'

/** Tokens that one batch computes at most: a prefill of the shipped models in one go. */
export const BATCH_TOKENS = 512
/** Answers for one place at most; the last but one holds all logits at the latest. */
export const MAX_ROUNDS = 4

/** Reads tokens into sequences of one context. */
export interface TokenReader extends Disposable {
  /**
   * Reads tokens in one go.
   *
   * @param wanted `after` counts from the first of `tokens`
   * @returns the last candidates of each, in order
   * @throws EngineError ENGINE_FAILED; what `judge` throws
   */
  read(sequence: LlamaContextSequence, tokens: readonly number[], wanted: readonly Wanted[]): Promise<Candidates[]>
}

/** What comes after the last round. */
export function neverSettled(): EngineError {
  return new EngineError('ENGINE_FAILED', `${MAX_ROUNDS} answers for one place did not settle its token`)
}
