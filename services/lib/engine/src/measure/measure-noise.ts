import type { Job } from '@camelid/codec'
import { type Candidates, type Engine, type GenerationRule, marginOf, requestAll, ruleOf } from '@camelid/rastic'

export interface NoiseMeasurement {
  readonly positions: number
  /** Positions at which the check would choose another token. */
  readonly mismatches: number
  /** Of the mismatches, falling; logit units. */
  readonly margins: readonly number[]
  /**
   * For each position the largest shift between generating and checking of any difference between the 16 likeliest
   * tokens' logits, rising: how far noise reaches, seen even where it changes no token.
   */
  readonly shifts: readonly number[]
}

export interface NoisePlan {
  readonly engine: Engine
  readonly jobs: readonly Job[]
  /** Jobs generated at a time: what is in a batch changes the order of its sums. */
  readonly batches: readonly number[]
  readonly signal: AbortSignal
  readonly onProgress: (positions: number) => void
}

/** Tokens whose logits are compared; the others are never chosen. */
const COMPARED = 16

/** Honest jobs, generated token by token in batches and checked by one prefill each (rastic: Engine facts). */
export async function measureNoise({
  engine,
  jobs,
  batches,
  signal,
  onProgress,
}: NoisePlan): Promise<NoiseMeasurement> {
  const margins: number[] = []
  const shifts: number[] = []
  let positions = 0
  for (const batch of batches) {
    for (let from = 0; from < jobs.length; from += batch) {
      const some = jobs.slice(from, from + batch).map((job, i) => ({ job, jobId: jobIdOf(from + i + 1000 * batch) }))
      const runs = await Promise.all(some.map((one) => compareRuns(engine, one.job, one.jobId, signal)))
      for (const run of runs) {
        positions += run.positions
        margins.push(...run.margins)
        shifts.push(...run.shifts)
      }
      onProgress(positions)
    }
  }
  return {
    positions,
    mismatches: margins.length,
    margins: margins.toSorted((a, b) => b - a),
    shifts: shifts.toSorted((a, b) => a - b),
  }
}

async function compareRuns(engine: Engine, job: Job, jobId: Uint8Array, signal: AbortSignal) {
  const { tokenIds } = await engine.generate({ job, jobId, signal })
  const input = engine.tokenize(job.input, job.prefix)
  const rule = ruleOf(job, jobId)
  const all = requestAll(engine.model.vocabularySize)
  const tokens = [...input, ...tokenIds].slice(0, -1)
  const wanted = tokenIds.map((_, index) => ({ after: input.length + index - 1, request: all }))
  // The same tokens as the generator read them, and as a verifier does.
  const generated = await engine.evaluate({ tokens, wanted, oneByOneFrom: input.length, signal })
  const checked = await engine.evaluate({ tokens, wanted, signal })
  return {
    positions: tokenIds.length,
    margins: checked.flatMap((candidates, i) => mismatch(candidates, rule, input.length + i, tokenIds[i])),
    shifts: checked.map((candidates, i) => shiftBetween(generated[i], candidates)),
  }
}

function mismatch(
  candidates: Candidates,
  rule: GenerationRule,
  position: number,
  claimed: number | undefined,
): number[] {
  const found = claimed === undefined ? undefined : marginOf(candidates, rule, position, claimed).found
  if (found === undefined) throw new Error('all logits of a position do not settle its token')
  return found.expected === claimed ? [] : [found.margin]
}

function shiftBetween(a: Candidates | undefined, b: Candidates): number {
  const other = new Map(a?.ids.map((id, i) => [id, a.logits[i] ?? Number.NaN]))
  const moved = b.ids.slice(0, COMPARED).map((id, i) => (b.logits[i] ?? Number.NaN) - (other.get(id) ?? Number.NaN))
  return Math.max(...moved) - Math.min(...moved)
}

/** Ids for noise only: no such job is ever posted. */
function jobIdOf(n: number): Uint8Array {
  const id = new Uint8Array(32)
  new DataView(id.buffer).setUint32(0, n, true)
  return id
}
