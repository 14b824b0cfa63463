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

/** Margin of the claimed token at each of `indices`, from one run of the model; a second run only for positions it left open. */
export async function evaluatePositions(args: PositionsToEvaluate): Promise<Margin[]> {
  const { engine, rule, inputTokens, tokenIds, indices } = args
  const vocabularySize = engine.model.vocabularySize
  const asked = indices.map((index) => {
    const claimed = tokenIds[index]
    if (claimed === undefined) throw new RasticError('BAD_POSITION', `the output has no position ${index}`)
    const position = inputTokens.length + index
    return { position, claimed, request: requestCandidates(rule, position, vocabularySize, claimed) }
  })
  const judge = (at: (typeof asked)[number], candidates: Candidates, request: CandidateRequest): Margin | undefined =>
    marginOf(candidates, rule, at.position, at.claimed, request.noiseCap)

  const answers = await run(args, asked)
  const margins = asked.map((at, i) => judge(at, answerAt(answers, i), at.request))

  const open = asked
    .filter((_, i) => margins[i] === undefined)
    .map((at) => ({ ...at, request: requestAll(vocabularySize) }))
  const full = open.length > 0 ? await run(args, open) : []
  const settled = open.map((at, i) => judge(at, answerAt(full, i), at.request))
  return margins.map((margin) => {
    const result = margin ?? settled.shift()
    if (result === undefined) throw new RasticError('BAD_LOGITS', 'all logits of a position do not settle its token')
    return result
  })
}

function run(
  { engine, inputTokens, tokenIds, oneByOneFrom, signal }: PositionsToEvaluate,
  asked: readonly { readonly position: number; readonly request: CandidateRequest }[],
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
