import { questions, request } from '@camelid/p2p'
import type { JobContext } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

const TIMEOUT_MS = 5_000
const MAX_STATEMENTS = 256

/**
 * Asks every peer for the statements it holds of a job: what was flooded while we were away, a delivery above all.
 * Each goes to `take` as if it had just come.
 */
export async function askStatements(
  context: JobContext,
  live: LiveJob,
  take: (type: number, payload: Uint8Array) => void,
): Promise<void> {
  const { peers, signal, nowMs, log } = context
  live.askedMs = nowMs()
  await Promise.all(
    peers.list().map(async ({ connection, address }) => {
      try {
        const answer = await request(
          connection,
          questions.job,
          { jobId: live.row.jobId },
          { timeoutMs: TIMEOUT_MS, signal },
        )
        for (const { type, payload } of answer.statements.slice(0, MAX_STATEMENTS)) take(type, payload)
      } catch (error) {
        log.debug({ jobId: live.id, peer: address, reason: String(error) }, 'no statements')
      }
    }),
  )
}
