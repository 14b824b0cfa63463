import { findTransaction } from '../peers/find-proof.ts'
import { type JobContext, release, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'
import { noteFinalBalances } from './note-balances.ts'

/**
 * Follows P into a block and a few blocks deeper, judged by our own headers: mined → settled, thrown out by a
 * reorganisation → back, deep enough → done. Called at each change of the best chain.
 */
export async function trackPayment(context: JobContext, live: LiveJob): Promise<void> {
  const { chain, params, coins } = context
  const { paymentTxid, blockHash, height } = live.row
  if (paymentTxid === null || !live.row.tracked) return
  if (blockHash !== null && height !== null) {
    if (!chain.isBest(blockHash)) {
      const stage = live.row.stage === 'settled' ? { stage: 'checked' as const } : {}
      step(context, live, {
        ...stage,
        changes: { block_hash: null, height: null, balance_after: null, node_balance_after: null },
      })
    } else if (chain.tip.height - height + 1 >= params.coinbaseMaturity && live.row.stage !== 'delivered') {
      step(context, live, { changes: { tracked: 0 }, also: () => coins.unlock(live.row.jobId) })
      return
    } else {
      await settle(context, live)
      return
    }
  }
  // P is final only once the median time has passed its lock time: before that no block can hold it.
  if (chain.medianTime <= live.job.timelock) return
  const { proven, inMempool, answered } = await findTransaction(context, paymentTxid)
  if (proven !== undefined) {
    step(context, live, { changes: { block_hash: proven.blockHash, height: proven.height } })
    context.log.info({ jobId: live.id, height: proven.height }, 'payment mined')
    await settle(context, live)
    return
  }
  giveUpOnPayment(context, live, inMempool, answered)
}

/** Balances are read after the block that holds P; the stage follows once the output is checked too. */
async function settle(context: JobContext, live: LiveJob): Promise<void> {
  if (live.row.balanceAfter === null) await noteFinalBalances(context, live)
  if (live.row.stage === 'checked' && !context.signal.aborted) step(context, live, { stage: 'settled' })
}

/** Long after P should have been mined, and with no peer holding it, its coins are ours again. */
function giveUpOnPayment(context: JobContext, live: LiveJob, inMempool: number, answered: number): void {
  const { chain, params, minPeers } = context
  const hopeless = chain.medianTime > live.job.timelock + 2 * params.contestWindow
  if (!hopeless || inMempool > 0 || answered < minPeers) return
  const reason = `PAYMENT_NOT_MINED: no peer holds the payment any more (${live.row.reason || live.lastRefusal || 'no reason known'})`
  release(context, live, 'failed', reason)
}
