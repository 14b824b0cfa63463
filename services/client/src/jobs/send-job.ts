import { create, toBinary } from '@bufbuild/protobuf'
import { submit } from '@camelid/p2p'
import { JobSchema, MessageType, Outcome, type Verdict } from '@camelid/proto/p2p/v1/messages_pb'
import type { JobContext } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

/** How long one waits for the peers' verdict before the job goes on without. */
const VERDICT_MS = 4_000

/**
 * Sends job and F to all peers: the first time as a flood, later addressed to each, since a flood that was seen goes no
 * further. Gives the verdicts: as soon as one peer took it, or when all answered or had time to.
 */
export async function sendJob(context: JobContext, live: LiveJob): Promise<{ taken: boolean; refusals: Verdict[] }> {
  const { peers, signal, nowMs, log } = context
  const payload = toBinary(JobSchema, create(JobSchema, { job: live.row.job, funding: live.row.funding }))
  const message = { type: MessageType.JOB, payload, flood: live.jobSends % 2 === 0 }
  live.jobSends++
  live.sentMs = nowMs()
  const refusals: Verdict[] = []
  const sent = peers.list()
  const taken = await Promise.any(
    sent.map(async ({ connection, address }) => {
      const verdict = await submit(connection, message, { timeoutMs: VERDICT_MS, signal })
      if (verdict.outcome !== Outcome.REJECT) return true
      refusals.push(verdict)
      log.warn({ jobId: live.id, peer: address, code: verdict.code, detail: verdict.detail }, 'job refused')
      throw new Error(verdict.code)
    }),
  ).catch(() => false)
  return { taken, refusals: refusals.length === sent.length ? refusals : [] }
}
