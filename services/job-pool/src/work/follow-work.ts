import type { Pool } from '../pool.ts'
import { reportProgress } from './report-progress.ts'
import { takeDeadLetter } from './take-dead-letter.ts'
import { takeResult } from './take-result.ts'
import { takeVerdict } from './take-verdict.ts'

/** Everything that workers and verifiers say, until the service stops. */
export async function followWork(pool: Pool): Promise<void> {
  const { bus, signal } = pool
  bus.listen('heartbeat', { signal }, ({ data }) => pool.workers.note(data))
  bus.listen('progress.*', { signal }, ({ data }) => reportProgress(pool, data))
  await Promise.all([
    bus.consumeResults({ kind: 'work', durable: 'job_pool_work', signal }, ({ data }) => takeResult(pool, data)),
    bus.consumeResults({ kind: 'verify', durable: 'job_pool_verify', signal }, async ({ data }) => {
      if (!pool.checks.take(data)) await takeVerdict(pool, data)
    }),
    bus.consume(
      { stream: 'DEAD', durable: 'job_pool_dead', filter: ['dead.work.*', 'dead.verify.*'], signal },
      ({ subject, data, reason }) => takeDeadLetter(pool, subject, data, reason ?? 'no reason given'),
    ),
  ])
}
