import type { CandidateRequest, Candidates, EvaluateRequest } from '@camelid/rastic'
import type { ControlledEvaluateInputItem, LlamaContextSequence } from 'node-llama-cpp'
import { EngineError } from './errors.ts'
import { readTokens, readWith, toToken } from './read-logits.ts'

/**
 * Reads given tokens and answers where asked: all in one prefill, or one by one from an index on, as generating does
 * (rastic: Engine facts).
 */
export async function evaluateTokens(
  sequence: LlamaContextSequence,
  vocabularySize: number,
  { tokens, wanted, oneByOneFrom = tokens.length, signal }: EvaluateRequest,
): Promise<Candidates[]> {
  const requests = new Map(wanted.map(({ after, request }) => [after, request]))
  if (requests.size !== wanted.length || wanted.some(({ after }) => tokens[after] === undefined)) {
    throw new EngineError('BAD_TOKEN_ID', 'logits were asked for after a token that is not given, or twice after one')
  }
  const items = tokens.map((id, index): ControlledEvaluateInputItem => {
    const request = requests.get(index)
    return request === undefined ? toToken(id) : readWith(id, request)
  })
  const answers: Candidates[] = []
  const read = async (from: number, to: number): Promise<void> => {
    signal.throwIfAborted()
    const asked = wanted
      .filter(({ after }) => after >= from && after < to)
      .map(({ request }): CandidateRequest => request)
    answers.push(...(await readTokens(sequence, items.slice(from, to), asked, vocabularySize)))
  }
  if (oneByOneFrom > 0) await read(0, Math.min(oneByOneFrom, tokens.length))
  for (let index = oneByOneFrom; index < tokens.length; index++) await read(index, index + 1)
  return answers
}
