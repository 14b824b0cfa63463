import { decodeCommitment, encodeOutPoint } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { checkCommitmentInIsolation, checkTestament, deadlines } from '@camelid/job'
import { CommitmentSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import { keepStatement } from '../keep-statement.ts'
import type { Pool } from '../pool.ts'
import { doubtSharers } from '../store/slot-sharing.ts'
import { statementsOfKind } from '../store/statements.ts'
import { checkedBond } from './bond-facts.ts'
import { judgePending } from './judge-pending.ts'
import { knownJob, MAX_STATEMENTS } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'

/** Commitments of one node to one job that are kept: a second shows that it contradicts itself, more would crowd others out. */
const MAX_OF_NODE = 2

/**
 * Another node's commitment: signature, bond, and S to the unit (protocol §5). Where H lies is the client's to check before
 * it pays; a late one is kept and moves nothing.
 */
export async function acceptCommitment(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const signed = decodeCommitment(parsePayload(CommitmentSchema, payload).statement)
  const { jobId: id, nodeKey, bondOutpoint: outpoint, height, testament } = signed.statement
  return await pool.locks.run(bytesToHex(id), async () => {
    const { job } = await knownJob(pool, id)
    const held = await statementsOfKind(pool.sql, id, MessageType.COMMITMENT)
    if (held.some((other) => equalBytes(other.hash, signed.hash))) return ignore('KNOWN', 'this commitment is known')
    const ofNode = held.filter((other) => other.nodeKey !== null && equalBytes(other.nodeKey, nodeKey))
    if (ofNode.length >= MAX_OF_NODE || held.length >= MAX_STATEMENTS) {
      return ignore('TOO_MANY', 'enough commitments to this job are known')
    }
    checkCommitmentInIsolation(signed, job)
    const bond = await checkedBond(pool, { outpoint, nodeKey, job, height })
    checkTestament(testament, { job, bond, height, params: pool.params })
    const commitment = {
      kind: MessageType.COMMITMENT,
      hash: signed.hash,
      nodeKey,
      commitmentHash: null,
      payload,
      seenMs,
      checked: true,
      stake: { bondOutpoint: outpoint, height },
    }
    await keepStatement(pool, id, commitment, (tx) => doubtSharers(tx, encodeOutPoint(outpoint)))
    await judgePending(pool, id)
    const late = seenMs / 1000 > deadlines(pool.params, job).commit
    return late ? ignore('DEADLINE_PASSED', 'the commitment came after its deadline') : ok()
  })
}
