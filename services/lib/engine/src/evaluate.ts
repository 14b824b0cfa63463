import type { Candidates, EvaluateRequest } from '@camelid/rastic'
import { EngineError } from './errors.ts'
import type { Sequence } from './reading/sequence.ts'
import type { TokenReader } from './reading/token-reader.ts'

/**
 * Reads given tokens and answers where asked: all in one prefill, or one by one from an index on, as generating does
 * (rastic: Engine facts).
 */
export async function evaluateTokens(
  sequence: Sequence,
  reader: TokenReader,
  { tokens, wanted, oneByOneFrom = tokens.length, signal }: EvaluateRequest,
): Promise<Candidates[]> {
  if (wanted.some(({ after }, i) => tokens[after] === undefined || after <= (wanted[i - 1]?.after ?? -1))) {
    throw new EngineError('BAD_TOKEN_ID', 'logits were asked for after a token that is not given, or twice after one')
  }
  const answers: Candidates[] = []
  const read = async (from: number, to: number): Promise<void> => {
    const asked = wanted
      .filter(({ after }) => after >= from && after < to)
      .map((one) => ({ ...one, after: one.after - from }))
    answers.push(...(await reader.read(sequence, { tokens: tokens.slice(from, to), wanted: asked, signal })))
  }
  await read(0, Math.min(oneByOneFrom, tokens.length))
  for (let index = oneByOneFrom; index < tokens.length; index++) await read(index, index + 1)
  return answers
}
