import { create, toBinary } from '@bufbuild/protobuf'
import { encodeAcceptance, hashAcceptance } from '@camelid/codec'
import { deadlines, requiredStake } from '@camelid/job'
import { AcceptanceSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { Role } from '@camelid/proto/work/v1/work_pb'
import type { Pool } from '../pool.ts'
import { announce, refreshContext } from '../refresh.ts'
import { type BondSlotRecord, takeSlot } from '../store/bonds.ts'
import { type JobRecord, loadJob, markMine } from '../store/jobs.ts'
import { refreshState } from '../store/state.ts'
import { insertStatement } from '../store/statements.ts'
import { insertWork } from '../store/work.ts'
import { decideService, type ServiceDecision } from './decide-service.ts'

/** Blocks that may pass between acceptance and commitment: a slot must outlast them and the verdict's life. */
const SPARE_BLOCKS = 1_000

/** Takes a stored job where this node serves it: bond slot, work and acceptance in one transaction, then floods it. */
export async function takeJob(pool: Pool, id: Uint8Array): Promise<ServiceDecision> {
  const record = await loadJob(pool.sql, id)
  if (record === null || record.mine) return { serve: true }
  const decision = decide(pool, record)
  if (!decision.serve) return decision
  const tipHeight = pool.tip.height
  if (tipHeight === null)
    return { serve: false, code: 'CHAIN_AWAY', detail: 'the chain service does not answer: try again' }
  const taken = await pool.sql.begin(async (tx) => {
    const slot = await takeSlot(tx, id, {
      stake: requiredStake(record.job, pool.params),
      maxHeight: tipHeight - pool.params.bondAge + 1,
      minUnbondHeight: tipHeight + pool.params.delayMax + pool.params.verdictLife + SPARE_BLOCKS,
    })
    if (slot === null) return null
    const payload = acceptance(pool, id, slot)
    await insertWork(tx, id, slot.outpoint)
    await markMine(tx, id)
    await insertStatement(tx, id, {
      kind: MessageType.ACCEPTANCE,
      hash: payload.hash,
      nodeKey: pool.keys.nodeKey,
      commitmentHash: null,
      payload: payload.bytes,
      seenMs: Math.round(pool.clock.nowMs()),
      checked: true,
    })
    return { payload: payload.bytes, refreshed: await refreshState(tx, id, refreshContext(pool)) }
  })
  if (taken === null) return noSlot(record)
  if (taken.refreshed !== null) announce(pool, taken.refreshed.record)
  pool.floods.send(MessageType.ACCEPTANCE, taken.payload)
  return { serve: true }
}

function decide(pool: Pool, record: JobRecord): ServiceDecision {
  const { job } = record
  return decideService({
    job,
    registry: pool.registry,
    workers: pool.workers.alive(Role.WORKER),
    verifiers: pool.workers.alive(Role.VERIFIER),
    selfCheck: pool.config.SELF_CHECK,
    minReward: pool.config.MIN_REWARD,
    remainingMs: deadlines(pool.params, job).commit * 1000 - pool.clock.nowMs(),
    estimateMs: pool.speed.estimateMs(job.modelSha256, job.maxTokens),
  })
}

function noSlot(record: JobRecord): ServiceDecision {
  const detail = `no free, aged bond slot of this node holds twice the reward of ${record.job.reward}: try again later`
  return { serve: false, code: 'NO_BOND_SLOT', detail }
}

function acceptance(pool: Pool, jobId: Uint8Array, slot: BondSlotRecord): { bytes: Uint8Array; hash: Uint8Array } {
  const statement = { jobId, nodeKey: pool.keys.nodeKey, bondOutpoint: slot.outpoint }
  const hash = hashAcceptance(statement)
  const signed = encodeAcceptance(statement, pool.keys.sign(hash))
  return { hash, bytes: toBinary(AcceptanceSchema, create(AcceptanceSchema, { statement: signed })) }
}
