import { ordersFor } from '../jobs/orders.ts'
import type { Workshop } from './collect.ts'
import { inBatches } from './in-batches.ts'
import { reportOf } from './logprobs.ts'
import { REGIMES, type Regime } from './regimes.ts'
import { type Claimed, type Sample, takeSample } from './sample.ts'

/** Orders between the first ones of two regimes. */
const STRIDE = 10_000

/** Jobs of one honest regime; each regime has jobs of its own. */
export async function collectHonest(workshop: Workshop, regime: Regime, temperatureMilli: number): Promise<Sample[]> {
  const { plan, model, profile } = workshop
  const { name, batch, check } = regime
  const writer = await workshop.open(regime)
  const verifier =
    check === 'flash attention'
      ? await workshop.open({ batch: 8, threads: 1, flashAttention: true, cacheType: 'F16' })
      : workshop.verifier
  const from = STRIDE * REGIMES.indexOf(regime)
  const share = regime.share * plan.honestJobs
  // A short run has no time for the slow regimes.
  const count = share < 1 ? 0 : Math.ceil(share)
  const orders = ordersFor(model, { temperatureMilli, maxTokens: plan.maxTokens, from, count })
  const signal = new AbortController().signal
  return await inBatches(
    orders,
    batch,
    async ({ job, jobId, ...order }, i): Promise<Claimed> => {
      const { tokenIds, prefillUs, generateUs } = await writer.generate({ job, jobId, signal })
      const claimed = { name, order: { ...order, job, jobId }, tokenIds, generateUs: prefillUs + generateUs }
      return i < plan.reportingJobs ? { ...claimed, report: await reportOf(writer, job, tokenIds, signal) } : claimed
    },
    (claimed) => takeSample(claimed, { verifier, profile, replay: check === 'one by one' }),
  )
}
