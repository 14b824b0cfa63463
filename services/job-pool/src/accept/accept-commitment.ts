import { decodeCommitment } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { checkCommitmentInIsolation, checkTestament, deadlines, isAged, jobError } from '@camelid/job'
import { CommitmentSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { announce, refreshContext } from '../refresh.ts'
import { refreshState } from '../store/state.ts'
import { insertStatement, statementsOfKind } from '../store/statements.ts'
import { bondFacts } from './bond-facts.ts'
import { judgePending } from './judge-pending.ts'
import { knownJob, MAX_STATEMENTS } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'

/**
 * Another node's commitment: signature, bond, and S to the unit (protocol §5). Where H lies is the client's to check before
 * it pays; a late one is kept and moves nothing.
 */
export async function acceptCommitment(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const signed = decodeCommitment(parsePayload(CommitmentSchema, payload).statement)
  const { jobId: id, nodeKey } = signed.statement
  const hex = bytesToHex(id)
  return await pool.locks.run(hex, async () => {
    const record = await knownJob(pool, id)
    const held = await statementsOfKind(pool.sql, id, MessageType.COMMITMENT)
    if (held.some((other) => equalBytes(other.hash, signed.hash))) return ignore('KNOWN', 'this commitment is known')
    if (held.length >= MAX_STATEMENTS) return ignore('TOO_MANY', 'enough nodes have committed to this job')
    checkCommitmentInIsolation(signed, record.job)
    const bond = await bondFacts(pool, signed.statement.bondOutpoint)
    if (!equalBytes(bond.nodeKey, nodeKey)) throw jobError('BOND_MISMATCH', 'the bond belongs to another node')
    if (bond.spent) throw jobError('BOND_SPENT', 'the bond slot is spent')
    if (!isAged(bond.height, pool.tip.height ?? 0, pool.params)) {
      throw jobError('BOND_TOO_YOUNG', `the bond slot is not ${pool.params.bondAge} blocks old`)
    }
    const { height } = signed.statement
    checkTestament(signed.statement.testament, { job: record.job, bond, height, params: pool.params })
    const refreshed = await pool.sql.begin(async (tx) => {
      const values = {
        kind: MessageType.COMMITMENT,
        hash: signed.hash,
        nodeKey,
        commitmentHash: null,
        payload,
        seenMs,
        checked: true,
      }
      await insertStatement(tx, id, values)
      return await refreshState(tx, id, refreshContext(pool))
    })
    if (refreshed?.changed === true) announce(pool, refreshed.record)
    await judgePending(pool, id)
    pool.driver.wake(hex)
    const late = seenMs / 1000 > deadlines(pool.params, record.job).commit
    return late ? ignore('DEADLINE_PASSED', 'the commitment came after its deadline') : ok()
  })
}
