import { equalBytes } from '@camelid/crypto'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import type { HeldMessage } from '../store/statements.ts'
import { loadWork, type WorkRecord } from '../store/work.ts'
import { commitJob } from './commit-job.ts'
import { deliverJob } from './deliver-job.ts'
import { ownStatement } from './deliver-late.ts'
import { enqueueGeneration, enqueueSelfCheck } from './enqueue.ts'
import { stopWork } from './stop-work.ts'
import { waitForTurn } from './wait-for-turn.ts'

/** The next step of this node's own work on a live job. Gives when to look again, or null. */
export async function driveWork(pool: Pool, record: JobRecord): Promise<number | null> {
  const work = await loadWork(pool.sql, record.id)
  if (work === null) return null
  const own = await ownStatement(pool, record, MessageType.COMMITMENT)
  if (record.paymentCommitment !== null && (own === null || !equalBytes(own.hash, record.paymentCommitment))) {
    if (work.stage !== 'committed') await stopWork(pool, record.id, 'another node was paid')
    return null
  }
  switch (work.stage) {
    case 'waiting':
      return await waitForTurn(pool, record, work)
    case 'checked':
      return await commitJob(pool, record, work)
    case 'committed':
      return own === null ? null : await afterCommitment(pool, record, work, own)
    case 'queued':
      await enqueueGeneration(pool, record, work.attempt)
      return null
    case 'checking':
      if (work.output !== null) await enqueueSelfCheck(pool, record, work.attempt, work.output)
      return null
    case 'failed':
    case 'stopped':
      return null
  }
}

/** Says the commitment again until it is paid, then the delivery until the payment is mined. */
async function afterCommitment(
  pool: Pool,
  record: JobRecord,
  work: WorkRecord,
  commitment: HeldMessage,
): Promise<number | null> {
  const nowMs = pool.clock.nowMs()
  // Not by the state: a clock that was set back leaves a commitment that seems to come too late.
  if (record.paymentCommitment === null) {
    return pool.floods.repeat(record.hex, { type: MessageType.COMMITMENT, payload: commitment.payload }, nowMs)
  }
  const delivery =
    (await ownStatement(pool, record, MessageType.DELIVERY)) ?? (await deliverJob(pool, record, work, commitment.hash))
  return pool.floods.repeat(record.hex, { type: MessageType.DELIVERY, payload: delivery.payload }, nowMs)
}
