import { requestCandidates } from './candidates.ts'
import type { Engine, Wanted } from './engine.ts'
import { RasticError } from './errors.ts'
import { type Margin, marginOf } from './margin.ts'
import { PositionNoise } from './noise.ts'
import { type GenerationRule, mayChooseAny } from './rule.ts'

export interface PositionsToEvaluate {
  readonly engine: Pick<Engine, 'evaluate' | 'model'>
  readonly rule: GenerationRule
  /** A tokens of input, then the output. */
  readonly inputTokens: readonly number[]
  readonly tokenIds: readonly number[]
  /** Indices in the output, rising. */
  readonly indices: readonly number[]
  /** Index in R from which tokens are evaluated one by one; one prefill for all where it is left out. */
  readonly oneByOneFrom?: number
  readonly signal: AbortSignal
}

/**
 * Margin of the claimed token at each of `indices`, from one run of the model over them all.
 *
 * @throws RasticError BAD_POSITION, BAD_LOGITS
 */
export async function evaluatePositions(args: PositionsToEvaluate): Promise<Margin[]> {
  const { engine, rule, inputTokens, tokenIds, indices, oneByOneFrom, signal } = args
  const request = requestCandidates(rule, engine.model.vocabularySize)
  const margins = new Map<number, Margin>()
  const wanted = indices.map((index): Wanted => {
    const claimed = tokenIds[index]
    if (claimed === undefined) throw new RasticError('BAD_POSITION', `the output has no position ${index}`)
    const position = inputTokens.length + index
    const noise = new PositionNoise(rule.key, position)
    return {
      after: position - 1,
      request,
      ...(mayChooseAny(rule) && { prepare: () => noise.loud(engine.model.vocabularySize) }),
      judge(answer) {
        const { found, ask } = marginOf(answer, rule, position, claimed, noise)
        if (found !== undefined) margins.set(index, found)
        return ask
      },
    }
  })
  // The token at the last position itself is judged, not read.
  const tokens = [...inputTokens, ...tokenIds].slice(0, inputTokens.length + (indices.at(-1) ?? 0))
  await engine.evaluate({ tokens, wanted, ...(oneByOneFrom === undefined ? {} : { oneByOneFrom }), signal })
  return indices.map((index) => {
    const margin = margins.get(index)
    if (margin === undefined) throw new RasticError('BAD_LOGITS', `the engine left out position ${index}`)
    return margin
  })
}
