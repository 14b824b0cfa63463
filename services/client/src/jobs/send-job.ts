import { create, toBinary } from '@bufbuild/protobuf'
import { submit } from '@camelid/p2p'
import { JobSchema, MessageType, Outcome, type Verdict } from '@camelid/proto/p2p/v1/messages_pb'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

/** How long one waits for the peers' verdict before the job goes on without. */
const VERDICT_MS = 4_000

/**
 * Sends job and F to all peers: the first time as a flood, later addressed to each, since a flood that was seen goes no
 * further. Waits until one node serves it, or all have answered or had time to. A node that only passes it on says why: where
 * none does more, that is noted for whoever waits. Gives the refusals where every node refused it.
 */
export async function sendJob(context: JobContext, live: LiveJob): Promise<readonly Verdict[]> {
  const { peers, signal, nowMs, log } = context
  const payload = toBinary(JobSchema, create(JobSchema, { job: live.row.job, funding: live.row.funding }))
  const message = { type: MessageType.JOB, payload, flood: live.jobSends % 2 === 0 }
  live.jobSends++
  live.sentMs = nowMs()
  const refusals: Verdict[] = []
  const relays: Verdict[] = []
  const sent = peers.list()
  await Promise.any(
    sent.map(async ({ connection, address }) => {
      const verdict = await submit(connection, message, { timeoutMs: VERDICT_MS, signal })
      const { outcome, code, detail } = verdict
      if (outcome === Outcome.REJECT) {
        refusals.push(verdict)
        log.warn({ jobId: live.id, peer: address, code, detail }, 'job refused')
      } else if (outcome === Outcome.OK && code !== '') relays.push(verdict)
      else return
      throw new Error(code)
    }),
  ).catch(() => undefined)
  const [relay] = relays
  if (relay !== undefined && relays.length + refusals.length === sent.length) noteUnserved(context, live, relay)
  return sent.length > 0 && refusals.length === sent.length ? refusals : []
}

/** The job may still find its node somewhere in the network; until then this is what there is to say. */
function noteUnserved(context: JobContext, live: LiveJob, { code, detail }: Verdict): void {
  const reason = `${code}: ${detail}`
  if (live.row.stage !== 'funded' || live.row.reason === reason || context.signal.aborted) return
  step(context, live, { changes: { reason } })
  context.events.emit({ id: live.id, event: { stage: 'funded', at: context.nowMs(), detail: reason } })
}
