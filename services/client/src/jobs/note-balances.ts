import { decodeCommitment } from '@camelid/codec'
import { balanceOf } from '../wallet/balance-of.ts'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

/** Notes what the node's reward address holds before P is mined, for the receipt; nothing depends on it. */
export function noteNodeBalance(context: JobContext, live: LiveJob): void {
  nodeBalance(context, live)
    .then((balance) => {
      if (balance !== null && !context.signal.aborted)
        step(context, live, { changes: { node_balance_before: balance } })
    })
    .catch((error: unknown) => context.log.debug({ jobId: live.id, reason: String(error) }, 'no balance of the node'))
}

/** Notes what both addresses hold once P is mined; figures that no peer gives stay unknown. */
export async function noteFinalBalances(context: JobContext, live: LiveJob): Promise<void> {
  const [refreshed, node] = await Promise.all([
    context.wallet.refresh().catch(() => false),
    nodeBalance(context, live).catch(() => null),
  ])
  if (context.signal.aborted) return
  const own = refreshed ? context.coins.balance() : null
  step(context, live, { changes: { balance_after: own, node_balance_after: node } })
}

async function nodeBalance(context: JobContext, live: LiveJob): Promise<bigint | null> {
  const { commitment } = live.row
  return commitment === null ? null : await balanceOf(context, decodeCommitment(commitment).statement.rewardHash)
}
