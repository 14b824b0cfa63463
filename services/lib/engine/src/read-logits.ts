import { type CandidateRequest, type Candidates, toCandidates } from '@camelid/rastic'
import type { ControlledEvaluateInputItem, LlamaContextSequence, Token } from 'node-llama-cpp'
import { EngineError } from './errors.ts'

/** Every id that comes here was range-checked, which is what the library's brand stands for. */
export function toToken(id: number): Token {
  return id as Token
}

/**
 * A token to read, with the logits wanted after it. Temperature 0 and nothing else: then what the library answers are
 * the raw logits, not its sampler's.
 */
export function readWith(id: number, request: CandidateRequest): ControlledEvaluateInputItem {
  const filter = { tokens: request.tokens.map(toToken), includeTop: request.top }
  return [toToken(id), { generateNext: { options: { temperature: 0 }, logits: { filter } } }]
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
