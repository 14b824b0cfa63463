import { decodeAcceptance } from '@camelid/codec'
import { bytesToHex, equalBytes, verify } from '@camelid/crypto'
import { isAged, jobError, requiredStake } from '@camelid/job'
import { AcceptanceSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { announce, refreshContext } from '../refresh.ts'
import { refreshState } from '../store/state.ts'
import { insertStatement, statementsOfKind } from '../store/statements.ts'
import { bondFacts } from './bond-facts.ts'
import { knownJob, MAX_STATEMENTS } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'

/** Another node offers to do a job: its signature, then its bond slot, which must be worth something to rank it. */
export async function acceptAcceptance(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const { statement, signature, hash } = decodeAcceptance(parsePayload(AcceptanceSchema, payload).statement)
  const { jobId: id, nodeKey, bondOutpoint } = statement
  const hex = bytesToHex(id)
  return await pool.locks.run(hex, async () => {
    const record = await knownJob(pool, id)
    const held = await statementsOfKind(pool.sql, id, MessageType.ACCEPTANCE)
    if (held.some((other) => equalBytes(other.hash, hash))) return ignore('KNOWN', 'this acceptance is known')
    if (held.some((other) => other.nodeKey !== null && equalBytes(other.nodeKey, nodeKey))) {
      return ignore('KNOWN', 'this node has accepted the job already')
    }
    if (held.length >= MAX_STATEMENTS) return ignore('TOO_MANY', 'enough nodes have accepted this job')
    if (!verify(signature, hash, nodeKey)) throw jobError('BAD_SIGNATURE', 'the acceptance is not signed by its node')
    const bond = await bondFacts(pool, bondOutpoint)
    if (!equalBytes(bond.nodeKey, nodeKey)) throw jobError('BOND_MISMATCH', 'the bond belongs to another node')
    if (bond.spent) throw jobError('BOND_SPENT', 'the bond slot is spent')
    const stake = requiredStake(record.job, pool.params)
    if (bond.value < stake)
      throw jobError('BOND_TOO_SMALL', `the bond slot holds ${bond.value}, the job needs ${stake}`)
    if (!isAged(bond.height, pool.tip.height ?? 0, pool.params)) {
      throw jobError('BOND_TOO_YOUNG', `the bond slot is not ${pool.params.bondAge} blocks old`)
    }
    const refreshed = await pool.sql.begin(async (tx) => {
      const values = {
        kind: MessageType.ACCEPTANCE,
        hash,
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
    pool.driver.wake(hex)
    return ok()
  })
}
