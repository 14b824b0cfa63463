import { create, toBinary } from '@bufbuild/protobuf'
import {
  type Commitment,
  encodeCommitment,
  encodeOutPoint,
  encodeTransaction,
  hashCommitment,
  outputHash,
} from '@camelid/codec'
import { deliverySalt } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { type BondFacts, buildTestament, checkBond, checkHeight, deadlines } from '@camelid/job'
import { CommitmentSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { keepStatement } from '../keep-statement.ts'
import type { Pool } from '../pool.ts'
import { slotAt } from '../store/bonds.ts'
import type { JobRecord } from '../store/jobs.ts'
import { markCommitted, type StoredOutput, type WorkRecord } from '../store/work.ts'
import { failWork } from './stop-work.ts'

/** Commits to the checked output with S, before the deadline or not at all; gives when to send it again. */
export async function commitJob(pool: Pool, record: JobRecord, work: WorkRecord): Promise<number | null> {
  const { output } = work
  if (output === null) return null
  const bond = await bondOf(pool, work)
  if (bond === null) {
    await failWork(pool, record, 'BOND_SPENT: the bond slot of this job is gone')
    return null
  }
  const { tip } = await pool.chain.getTip({}, { signal: pool.signal })
  const tipHeight = tip?.height ?? 0
  // The latest H that is allowed: blocks that come while the commitment travels do not make it worthless.
  const height = tipHeight + pool.params.delayMax
  try {
    checkBond({ bond, job: record.job, params: pool.params, tipHeight, height })
    checkHeight({ height, tipHeight, params: pool.params })
  } catch (error) {
    if (!isCoded(error)) throw error
    await failWork(pool, record, `${error.code}: ${error.message}`)
    return null
  }
  if (pool.clock.nowMs() > deadlines(pool.params, record.job).commit * 1000) {
    await failWork(pool, record, 'DEADLINE_PASSED: the output came after the deadline of the commitment')
    return null
  }
  const commitment = buildCommitment(pool, { record, output, bond, height })
  const hash = hashCommitment(commitment)
  const statement = encodeCommitment(commitment, pool.keys.sign(hash))
  const payload = toBinary(CommitmentSchema, create(CommitmentSchema, { statement }))
  const held = {
    kind: MessageType.COMMITMENT,
    hash,
    nodeKey: pool.keys.nodeKey,
    commitmentHash: null,
    payload,
    seenMs: Math.round(pool.clock.nowMs()),
    checked: true,
    stake: { bondOutpoint: bond.outpoint, height },
  }
  await keepStatement(pool, record.id, held, (tx) => markCommitted(tx, record.id, height))
  return pool.floods.repeat(record.hex, { type: MessageType.COMMITMENT, payload }, pool.clock.nowMs())
}

/** The slot as the chain last told; null where it is spent or unknown. */
async function bondOf(pool: Pool, work: WorkRecord): Promise<BondFacts | null> {
  const slot = await slotAt(pool.sql, encodeOutPoint(work.bondOutpoint))
  if (slot === null || slot.spent) return null
  const { outpoint, value, unbondHeight, height, spent } = slot
  return { outpoint, value, nodeKey: pool.keys.nodeKey, unbondHeight, height, spent }
}

function buildCommitment(
  pool: Pool,
  parts: {
    readonly record: JobRecord
    readonly output: StoredOutput
    readonly bond: BondFacts
    readonly height: number
  },
): Commitment {
  const { record, output, bond, height } = parts
  const { nodeSecret, nodeKey, rewardHash, sign } = pool.keys
  const salt = deliverySalt(nodeSecret, record.id)
  const { tokenIds, text, engine, backend } = output
  const testament = buildTestament({ job: record.job, bond, height, params: pool.params, sign })
  return {
    jobId: record.id,
    nodeKey,
    outputHash: outputHash({ jobId: record.id, tokenIds, text, salt, rewardHash }),
    rewardHash,
    tokenCount: tokenIds.length,
    engine,
    backend,
    height,
    bondOutpoint: bond.outpoint,
    testament: encodeTransaction(testament),
  }
}
