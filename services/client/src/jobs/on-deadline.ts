import { type JobContext, release, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'
import { isBefore } from './stage.ts'

/** Seconds that a message may be under way while its deadline passes. */
const SLACK_S = 0.5

/** Moves a job on whose deadline passed without the step it waited for (protocol §6). */
export function onDeadline(context: JobContext, live: LiveJob): void {
  const now = context.nowMs() / 1000 - SLACK_S
  const { row, deadlines } = live
  if (row.payment === null) {
    if (now <= deadlines.commit) return
    // A commitment that was early for our tip may still be paid until P's own deadline.
    if (live.early.length > 0 && now <= deadlines.payment) return
    release(context, live, 'expired', whyNobodyCommitted(live))
    return
  }
  if (row.delivery === null && isBefore(row.stage, 'delivered') && now > deadlines.delivery) {
    const refusal = live.lastRefusal === '' ? '' : ` (last refusal: ${live.lastRefusal})`
    const reason = `NO_DELIVERY: the node did not deliver in time${refusal}; the payment is followed on`
    const { nodeKey } = row
    step(context, live, {
      stage: 'failed',
      changes: { reason },
      also: () => {
        if (nodeKey !== null) context.standings.noteFailure(nodeKey)
      },
    })
  }
}

function whyNobodyCommitted(live: LiveJob): string {
  if (live.lastRefusal !== '') return `NO_COMMITMENT: ${live.lastRefusal}`
  if (live.nodes.size > 0) return 'NO_COMMITMENT: a node accepted the job but finished too late'
  if (live.row.reason !== '') return live.row.reason
  return 'NO_COMMITMENT: no node took the job; see whether one serves this model and has a free bond slot'
}
