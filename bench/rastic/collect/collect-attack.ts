import { ordersFor } from '../jobs/orders.ts'
import type { Attack } from './attacks.ts'
import type { Workshop } from './collect.ts'
import { inBatches } from './in-batches.ts'
import { reportOf } from './logprobs.ts'
import { type Claimed, type Sample, takeSample } from './sample.ts'

/** Orders of attacks are numbered from here on: none is an honest one's. */
const FIRST_ORDER = 1_000_000

/** Jobs of one attack, several at a time, each checked by one prefill. */
export async function collectAttack(
  workshop: Workshop,
  { name, isFine, claim }: Attack,
  temperatureMilli: number,
): Promise<Sample[]> {
  const { plan, model, verifier, profile } = workshop
  const count = isFine === true ? plan.fineJobs : plan.jobs
  const orders = ordersFor(model, { temperatureMilli, maxTokens: plan.maxTokens, from: FIRST_ORDER, count })
  const signal = new AbortController().signal
  return await inBatches(
    orders,
    8,
    async (order, i): Promise<Claimed | undefined> => {
      const made = await claim(workshop, order)
      if (made === undefined) return undefined
      const { tokenIds, ran } = made
      const claimed = { name, order, tokenIds, honestIds: await workshop.ownOutput(order), generateUs: 0 }
      if (ran === undefined || i >= plan.reportingJobs) return claimed
      return { ...claimed, report: await reportOf(ran.engine, ran.job, tokenIds, signal) }
    },
    (claimed) => takeSample(claimed, { verifier, profile, replay: false }),
  )
}
