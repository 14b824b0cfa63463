import { type CandidateRequest, type Candidates, toCandidates } from '@camelid/rastic'
import type { ControlledEvaluateInputItem, LlamaContextSequence, Token } from 'node-llama-cpp'
import { EngineError } from './errors.ts'

/** Every id that comes here was range-checked, which is what the library's brand stands for. */
export function toToken(id: number): Token {
  return id as Token
}

/**
 * A token to read, with the raw logits wanted after it. The library hands out logits as its sampler leaves them, so the
 * sampler may do nothing to them: at temperature 0 it is greedy and touches none, at temperature 1 it divides by one. The latter
 * with its own top-k spares a sort of the whole vocabulary, but shows the top alone.
 */
export function readWith(id: number, { top, tokens }: CandidateRequest): ControlledEvaluateInputItem {
  const options = tokens.length === 0 ? { temperature: 1, topK: top, topP: 1, minP: 0, seed: 1 } : { temperature: 0 }
  const filter = { tokens: tokens.map(toToken), includeTop: top }
  return [toToken(id), { generateNext: { options, logits: { filter } } }]
}

/**
 * Reads tokens into the sequence in one go.
 *
 * @returns for each item of `readWith`, in order
 * @throws EngineError ENGINE_FAILED
 */
export async function readTokens(
  sequence: LlamaContextSequence,
  items: readonly ControlledEvaluateInputItem[],
  requests: readonly CandidateRequest[],
  vocabularySize: number,
): Promise<Candidates[]> {
  const outputs = await sequence.controlledEvaluate([...items]).catch((cause: unknown) => {
    throw new EngineError('ENGINE_FAILED', 'llama.cpp failed to evaluate tokens', { cause })
  })
  // Only indices of items with a request hold an output.
  const answers = outputs.filter((output) => output !== undefined)
  return requests.map((request, i) => {
    const logits = answers[i]?.next.logits
    if (logits === undefined) throw new EngineError('ENGINE_FAILED', 'llama.cpp gave no logits')
    return toCandidates(logits, request.top, vocabularySize)
  })
}
