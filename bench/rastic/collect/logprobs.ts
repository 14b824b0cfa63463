import type { Candidates, Engine } from '@camelid/rastic'
import type { Order } from '../jobs/orders.ts'

/** Listed at each position by both sides: the softmax is taken over these, a few in a thousand of its mass away from all. */
export const LISTED = 64
/** That a node reports at each position. */
const REPORTED = 5

/** What a node would report with an output: logits at each position as it had them, so token by token. */
export async function reportOf(
  engine: Engine,
  job: Order['job'],
  tokenIds: readonly number[],
  signal: AbortSignal,
): Promise<Candidates[]> {
  const input = engine.tokenize(job.input, job.prefix)
  const request = { top: Math.min(LISTED, engine.model.vocabularySize), tokens: [] }
  const wanted = tokenIds.map((_, index) => ({ after: input.length + index - 1, request }))
  const tokens = [...input, ...tokenIds].slice(0, -1)
  return await engine.evaluate({ tokens, wanted, oneByOneFrom: input.length, signal })
}

/**
 * Distance of what a node reports from what a verifier finds, at one position: over the reported tokens, the mean of
 * |a − b| ÷ 2·(|a| + |b|) of the logarithms of their probabilities, as Gonka's validators have it.
 */
export function reportDistance(reported: Candidates, found: Candidates): number {
  const [theirs, ours] = [logprobsOf(reported), logprobsOf(found)]
  const least = Math.min(...ours.values())
  let sum = 0
  let count = 0
  for (const [id, theirLog] of [...theirs].slice(0, REPORTED)) {
    const ourLog = ours.get(id) ?? least
    sum += Math.abs(theirLog - ourLog) / (1e-6 + Math.abs(theirLog) + Math.abs(ourLog)) / 2
    count++
  }
  return sum / count
}

/** By falling logit. */
function logprobsOf({ ids, logits }: Candidates): Map<number, number> {
  const highest = logits[0] ?? 0
  const some = logits.slice(0, LISTED)
  const total = some.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)
  return new Map(some.map((logit, i) => [ids[i] ?? -1, logit - highest - Math.log(total)]))
}
