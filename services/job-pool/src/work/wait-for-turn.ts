import { fromBinary } from '@bufbuild/protobuf'
import { decodeAcceptance } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { leaseholder, leaseOrder, RANK_DELAY_MS } from '@camelid/job'
import { AcceptanceSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import { statementsOfKind } from '../store/statements.ts'
import { setWorkStage, type WorkRecord } from '../store/work.ts'
import { enqueueGeneration } from './enqueue.ts'
import { hasPayableRival } from './rival-commitment.ts'

/** How often another's turn is looked at, in milliseconds: a turn that passes on costs time only. */
const LOOK_AGAIN_MS = 500

/** Starts the work when the lease is ours (protocol §6); stands back where another node has committed and the client may pay it. */
export async function waitForTurn(pool: Pool, record: JobRecord, work: WorkRecord): Promise<number | null> {
  const nowMs = pool.clock.nowMs()
  const rankMs = record.firstSeenMs + RANK_DELAY_MS
  if (nowMs < rankMs) return rankMs
  const againMs = nowMs + Math.min(LOOK_AGAIN_MS, pool.leaseMs)
  if (await hasPayableRival(pool, record)) return againMs
  const acceptances = (await statementsOfKind(pool.sql, record.id, MessageType.ACCEPTANCE)).map((held) => ({
    acceptance: decodeAcceptance(fromBinary(AcceptanceSchema, held.payload).statement).statement,
    seenMs: held.seenMs,
  }))
  const { firstSeenMs, job } = record
  const order = leaseOrder(acceptances, { jobId: record.id, preferredNode: job.preferredNode, firstSeenMs })
  const progressMs = pool.progress.times(record.hex)
  const holder = leaseholder({ order, firstSeenMs: record.firstSeenMs, progressMs, leaseMs: pool.leaseMs }, nowMs)
  if (holder === null || !equalBytes(holder.nodeKey, pool.keys.nodeKey)) {
    return againMs
  }
  await setWorkStage(pool.sql, record.id, 'queued')
  await enqueueGeneration(pool, record, work.attempt)
  return null
}
