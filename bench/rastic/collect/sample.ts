import { type Candidates, type CheckVerdict, checkOutput, type Engine, type Profile } from '@camelid/rastic'
import type { Order } from '../jobs/orders.ts'
import { LISTED, reportDistance } from './logprobs.ts'

/** One checked output. */
export interface Sample {
  /** Attack or honest regime. */
  readonly name: string
  readonly temperatureMilli: number
  readonly order: number
  /** Name of the job's filter. */
  readonly filter: string
  readonly verdict: CheckVerdict
  /** A margin for each checked token, logit units; empty where a fault was seen without the model. */
  readonly margins: readonly number[]
  /** Checked tokens that were not the model's choice. */
  readonly mismatches: number
  /** By token ids, whatever a verifier makes of them; undefined where F's own output is not at hand. */
  readonly differsFromHonest: boolean | undefined
  /** Distance of reported logits at each token; undefined where none were asked for. */
  readonly distances: readonly number[] | undefined
  readonly verifyUs: number
  /** Of the engine that wrote it; 0 where it was not timed. */
  readonly generateUs: number
}

export interface Claimed {
  readonly name: string
  readonly order: Order
  readonly tokenIds: readonly number[]
  /** F's own output of the order, as an honest engine writes it. */
  readonly honestIds?: readonly number[]
  /** What the node reports of its logits. */
  readonly report?: readonly Candidates[]
  readonly generateUs: number
}

/** @param replay checks token by token, as the output was written */
export async function takeSample(
  { name, order, tokenIds, honestIds, report, generateUs }: Claimed,
  { verifier, profile, replay }: { readonly verifier: Engine; readonly profile: Profile; readonly replay: boolean },
): Promise<Sample> {
  const found: (readonly Candidates[])[] = []
  const checked = await checkOutput({
    engine: report === undefined ? verifier : listening(verifier, (answers) => found.push(answers)),
    job: order.job,
    jobId: order.jobId,
    tokenIds,
    text: verifier.detokenize(order.job.prefix, tokenIds),
    profile,
    replay,
    signal: new AbortController().signal,
  })
  const whole = found.find((answers) => answers.length === tokenIds.length)
  return {
    name,
    temperatureMilli: order.job.temperatureMilli,
    order: order.number,
    filter: order.filter,
    verdict: checked.verdict,
    margins: checked.positions.map(({ margin }) => margin),
    mismatches: checked.positions.filter(({ kind }) => kind !== 'match').length,
    differsFromHonest: honestIds === undefined ? undefined : !isSame(tokenIds, honestIds),
    distances:
      report === undefined || whole === undefined
        ? undefined
        : report.flatMap((one, i) => (whole[i] === undefined ? [] : reportDistance(one, whole[i]))),
    verifyUs: checked.verifyUs,
    generateUs,
  }
}

function isSame(ids: readonly number[], others: readonly number[]): boolean {
  return ids.length === others.length && ids.every((id, i) => id === others[i])
}

/** The same engine, which lists more candidates and tells of all that it answers: one prefill serves every method. */
function listening(engine: Engine, tell: (answers: readonly Candidates[]) => void): Engine {
  return {
    ...engine,
    async evaluate(request) {
      const top = Math.min(LISTED, engine.model.vocabularySize)
      const wanted = request.wanted.map((one) => ({
        ...one,
        request: { ...one.request, top: Math.max(top, one.request.top) },
      }))
      const answers = await engine.evaluate({ ...request, wanted })
      tell(answers)
      return answers
    },
  }
}
