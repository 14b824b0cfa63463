import type { Job } from '@camelid/codec'
import {
  type CandidateRequest,
  type Candidates,
  type Engine,
  type Margin,
  marginOf,
  requestCandidates,
  ruleOf,
  type Wanted,
} from '@camelid/rastic'

export interface NoiseMeasurement {
  readonly positions: number
  /** Of positions at which the check would choose another token, falling; logit units. */
  readonly margins: readonly number[]
  /**
   * For each position the largest shift between generating and checking of any difference between the 16 likeliest
   * tokens' logits, rising: how far noise reaches, seen even where it changes no token.
   */
  readonly shifts: readonly number[]
}

export interface NoisePlan {
  readonly writer: Engine
  readonly verifier: Engine
  readonly jobs: readonly Job[]
  /** Jobs generated at a time. */
  readonly batch: number
  /** Makes the noise of these jobs another one than that of other measurements. */
  readonly number: number
  readonly signal: AbortSignal
  readonly onProgress: (positions: number) => void
}

/** Tokens whose logits are compared; the others are never chosen. */
const COMPARED = 16

/** Honest jobs, generated token by token by one engine and checked by another in one prefill each (rastic: Engine facts). */
export async function measureNoise(plan: NoisePlan): Promise<NoiseMeasurement> {
  const { jobs, batch, number } = plan
  const runs: NoiseMeasurement[] = []
  for (let from = 0; from < jobs.length; from += batch) {
    const some = jobs.slice(from, from + batch).map((job, i) => ({ job, jobId: jobIdOf(number, from + i) }))
    const done = await Promise.all(some.map((one) => compareRuns(plan, one.job, one.jobId)))
    for (const run of done) plan.onProgress(run.positions)
    runs.push(...done)
  }
  return joinNoise(runs)
}

export function joinNoise(runs: readonly NoiseMeasurement[]): NoiseMeasurement {
  return {
    positions: runs.reduce((sum, run) => sum + run.positions, 0),
    margins: runs.flatMap((run) => run.margins).sort((a, b) => b - a),
    shifts: runs.flatMap((run) => run.shifts).sort((a, b) => a - b),
  }
}

async function compareRuns(
  { writer, verifier, signal }: NoisePlan,
  job: Job,
  jobId: Uint8Array,
): Promise<NoiseMeasurement> {
  const { tokenIds } = await writer.generate({ job, jobId, signal })
  const input = writer.tokenize(job.input, job.prefix)
  const rule = ruleOf(job, jobId)
  const { vocabularySize } = writer.model
  const { top } = requestCandidates(rule, vocabularySize)
  const request = { top: Math.max(COMPARED, top), tokens: [] }
  const tokens = [...input, ...tokenIds].slice(0, -1)
  const found: (Margin | undefined)[] = []
  // The same tokens as a verifier reads them, and as the generator did.
  const wanted = tokenIds.map((claimed, index): Wanted => {
    const position = input.length + index
    const judge = (answer: Candidates): CandidateRequest | undefined => {
      const settled = marginOf(answer, rule, position, claimed)
      found[index] = settled.found
      return settled.ask
    }
    return { after: position - 1, request, judge }
  })
  const checked = await verifier.evaluate({ tokens, wanted, signal })
  const compared = checked.map(({ ids }, index) => ({
    after: input.length + index - 1,
    request: { top: 1, tokens: ids.slice(0, COMPARED) },
  }))
  const generated = await writer.evaluate({ tokens, wanted: compared, oneByOneFrom: input.length, signal })
  return {
    positions: tokenIds.length,
    margins: tokenIds.flatMap((claimed, index) => mismatch(found[index], claimed)),
    shifts: checked.map((candidates, i) => shiftBetween(generated[i], candidates)),
  }
}

function mismatch(found: Margin | undefined, claimed: number): number[] {
  if (found === undefined) throw new Error('a position was not settled')
  return found.expected === claimed ? [] : [found.margin]
}

function shiftBetween(a: Candidates | undefined, b: Candidates): number {
  const other = new Map(a?.ids.map((id, i) => [id, a.logits[i] ?? Number.NaN]))
  const moved = b.ids.slice(0, COMPARED).map((id, i) => (b.logits[i] ?? Number.NaN) - (other.get(id) ?? Number.NaN))
  return Math.max(...moved) - Math.min(...moved)
}

/** Ids for noise only: no such job is ever posted. */
function jobIdOf(measurement: number, job: number): Uint8Array {
  const id = new Uint8Array(32)
  const view = new DataView(id.buffer)
  view.setUint32(0, job, true)
  view.setUint32(4, measurement, true)
  return id
}
