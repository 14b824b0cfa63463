import type { Notifier } from '../notifier.ts'
import type { Parts } from '../parts.ts'
import type { JobChanges } from '../store/jobs.ts'
import type { Wallet } from '../wallet/wallet.ts'
import type { LiveJob } from './live-job.ts'
import type { Stage } from './stage.ts'

/** One thing that happened to a job, as it goes out in server-sent events. */
export interface StageEvent {
  readonly stage: Stage
  /** Unix milliseconds. */
  readonly at: number
  /** Tokens generated so far, as the node says. */
  readonly tokens?: number
  /** Why, for `expired` and `failed`; for `funded`, why no node that we know serves it. */
  readonly detail?: string
}

/** What every step of a job works with. */
export interface JobContext extends Parts {
  readonly wallet: Wallet
  readonly events: Notifier<{ readonly id: string; readonly event: StageEvent }>
}

/**
 * One step of a job: what changes and the event of it go to disk in one transaction, then the event goes out. Nothing
 * that depends on the step may be sent before this returns.
 */
export function step(
  context: JobContext,
  live: LiveJob,
  change: { stage?: Stage; changes?: JobChanges; also?: () => void },
): void {
  const { store, jobs, nowMs, events } = context
  const { stage, changes = {}, also } = change
  const at = nowMs()
  store.transaction(() => {
    jobs.update(live.row.jobId, stage === undefined ? changes : { ...changes, stage })
    if (stage !== undefined) jobs.addEvent(live.row.jobId, stage, at)
    also?.()
  })
  const row = jobs.get(live.row.jobId)
  if (row === undefined) throw new Error(`job ${live.id} is gone from the file`)
  live.row = row
  if (stage !== undefined) events.emit({ id: live.id, event: eventOf(row, stage, at) })
}

function eventOf(row: LiveJob['row'], stage: Stage, at: number): StageEvent {
  return {
    stage,
    at,
    ...(row.tokens > 0 && { tokens: row.tokens }),
    ...((stage === 'expired' || stage === 'failed') && { detail: row.reason }),
  }
}

/** Ends a job of which nobody will earn anything: our coins are free again. */
export function release(context: JobContext, live: LiveJob, stage: 'expired' | 'failed', reason: string): void {
  step(context, live, {
    stage,
    changes: { reason, tracked: 0 },
    also: () => context.coins.unlock(live.row.jobId),
  })
  // The reservation in our peers' mempools goes with the job; look again so that the wallet shows it.
  context.wallet.refresh().catch(() => undefined)
}
