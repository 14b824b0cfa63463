import { type CandidateRequest, type Candidates, requestAll, requestCandidates } from './candidates.ts'
import type { Engine } from './engine.ts'
import { RasticError } from './errors.ts'
import { type Margin, marginOf } from './margin.ts'
import type { GenerationRule } from './rule.ts'

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

/** The few, the few with the claimed token, all. */
const MAX_ROUNDS = 3

interface Asked {
  readonly position: number
  readonly claimed: number
  readonly request: CandidateRequest
}

/**
 * Margin of the claimed token at each of `indices`, from one run of the model. What it leaves open, such as a claimed
 * token far from the top, is asked again with that token, and at last with all logits.
 *
 * @throws RasticError BAD_POSITION, BAD_LOGITS
 */
export async function evaluatePositions(args: PositionsToEvaluate): Promise<Margin[]> {
  const { rule, inputTokens, tokenIds, indices } = args
  const vocabularySize = args.engine.model.vocabularySize
  const margins = new Map<number, Margin>()
  let open = indices.map((index): Asked => {
    const claimed = tokenIds[index]
    if (claimed === undefined) throw new RasticError('BAD_POSITION', `the output has no position ${index}`)
    const position = inputTokens.length + index
    return { position, claimed, request: requestCandidates(rule, position, vocabularySize) }
  })
  for (let round = 0; open.length > 0; round++) {
    if (round === MAX_ROUNDS) throw new RasticError('BAD_LOGITS', 'all logits of a position do not settle its token')
    const answers = await run(args, open)
    open = open.flatMap((asked, i) => {
      const { position, claimed, request } = asked
      const answer = answerAt(answers, i)
      const margin = marginOf(answer, rule, position, claimed, request.noiseCap)
      if (margin === undefined) return { ...asked, request: widen(asked, answer, vocabularySize) }
      margins.set(position, margin)
      return []
    })
  }
  return indices.flatMap((index) => margins.get(inputTokens.length + index) ?? [])
}

function widen({ request, claimed }: Asked, answer: Candidates, vocabularySize: number): CandidateRequest {
  if (answer.ids.includes(claimed)) return requestAll(vocabularySize)
  return { ...request, tokens: [...request.tokens, claimed] }
}

function run(
  { engine, inputTokens, tokenIds, oneByOneFrom, signal }: PositionsToEvaluate,
  asked: readonly Asked[],
): Promise<Candidates[]> {
  const last = asked.at(-1)?.position ?? 0
  return engine.evaluate({
    // The token at the last position itself is judged, not read.
    tokens: [...inputTokens, ...tokenIds].slice(0, last),
    wanted: asked.map(({ position, request }) => ({ after: position - 1, request })),
    ...(oneByOneFrom === undefined ? {} : { oneByOneFrom }),
    signal,
  })
}

function answerAt(answers: readonly Candidates[], i: number): Candidates {
  const answer = answers[i]
  if (answer === undefined) throw new RasticError('BAD_LOGITS', 'the engine left out a position')
  return answer
}
