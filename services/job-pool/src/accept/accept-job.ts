import { decodeJob, decodeTransaction, encodeOutPoint, type Job, jobId, type Transaction, txid } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { checkFunding, checkJobInIsolation, deadlines } from '@camelid/job'
import { JobSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { giveBack } from '../settle/give-back.ts'
import { countLiveJobs, insertJob, liveJobOnOutpoint, loadJob } from '../store/jobs.ts'
import { deleteReservation, putReservation } from '../store/reservations.ts'
import { announceCreated } from '../store/state.ts'
import { insertStatement } from '../store/statements.ts'
import { isFinal } from './is-final.ts'
import { keepRival } from './keep-rival.ts'
import { parsePayload } from './parse-payload.ts'
import { spentOutputs } from './spent-outputs.ts'
import { takeJob } from './take-job.ts'

export type NewJob = {
  readonly id: Uint8Array
  readonly hex: string
  readonly job: Job
  readonly jobBytes: Uint8Array
  readonly funding: Transaction
  readonly fundingBytes: Uint8Array
  readonly payload: Uint8Array
  readonly seenMs: number
  readonly told: boolean
}

/** Time in which the statements about a job that was told with them come after it, in milliseconds. */
const TOLD_PAUSE_MS = 1_000

/**
 * A job with its F: checks cheap before dear, reserves F at the chain, stores, and takes it where this node serves it.
 * @param told this node missed it and asked: others may have done it meanwhile, of which it hears next
 */
export async function acceptJob(pool: Pool, payload: Uint8Array, told: boolean): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const message = parsePayload(JobSchema, payload)
  const job = decodeJob(message.job)
  const funding = decodeTransaction(message.funding)
  const id = jobId(message.job)
  const hex = bytesToHex(id)
  const raw = { jobBytes: message.job, fundingBytes: message.funding, payload }
  const entry: NewJob = { id, hex, job, funding, ...raw, seenMs, told }
  const outpoint = bytesToHex(encodeOutPoint(job.fundingOutpoint))
  // Two jobs on one outpoint must not pass each other; the lock of the outpoint is taken first everywhere.
  return await pool.locks.run(`outpoint:${outpoint}`, () => pool.locks.run(hex, () => judge(pool, entry)))
}

async function judge(pool: Pool, entry: NewJob): Promise<Judgement> {
  const { id, job, funding, fundingBytes, seenMs } = entry
  if ((await loadJob(pool.sql, id)) !== null) return ignore('KNOWN', 'this job is known')
  checkJobInIsolation(job, pool.params, seenMs, { told: entry.told })
  checkFunding(funding, job, pool.params)
  if ((await countLiveJobs(pool.sql)) >= pool.config.MAX_JOBS) {
    return ignore('POOL_FULL', `the pool holds ${pool.config.MAX_JOBS} live jobs: try again later`)
  }
  const rival = await liveJobOnOutpoint(pool.sql, encodeOutPoint(job.fundingOutpoint))
  if (rival !== null) return await keepRival(pool, entry, rival)
  checkFunding(funding, job, pool.params, await spentOutputs(pool, funding))
  await putReservation(pool.sql, id, 'asking', seenMs)
  try {
    await pool.chain.reserve({ jobId: id, funding: fundingBytes }, { signal: pool.signal })
    await store(pool, entry)
  } catch (error) {
    if (isFinal(error)) await deleteReservation(pool.sql, id)
    // Who knows whether F is reserved now. What cannot be given back at once is given back at a later tip.
    else await giveBack(pool, id).catch(() => undefined)
    throw error
  }
  if (entry.told) {
    pool.driver.wakeAt(entry.hex, pool.clock.nowMs() + TOLD_PAUSE_MS)
    return ok()
  }
  const decision = await takeJob(pool, id)
  pool.driver.wake(entry.hex)
  return decision.serve ? ok() : ok(decision.code, decision.detail)
}

/** One transaction: the job, F's reservation, and the event. */
async function store(pool: Pool, entry: NewJob): Promise<void> {
  const { id, job, jobBytes, fundingBytes, seenMs } = entry
  await pool.sql.begin(async (tx) => {
    const openUntilMs = deadlines(pool.params, job).payment * 1000
    const fundingTxid = txid(entry.funding)
    await insertJob(tx, { id, job, jobBytes, fundingBytes, fundingTxid, firstSeenMs: seenMs, openUntilMs })
    await insertStatement(tx, id, {
      kind: MessageType.JOB,
      hash: id,
      nodeKey: null,
      commitmentHash: null,
      payload: entry.payload,
      seenMs,
      checked: true,
    })
    await putReservation(tx, id, 'held', seenMs)
    await announceCreated(tx, id, seenMs)
  })
  pool.outbox.wake()
}
