import { decodeAcceptance } from '@camelid/codec'
import { bytesToHex, equalBytes, verify } from '@camelid/crypto'
import { jobError } from '@camelid/job'
import { AcceptanceSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import { keepStatement } from '../keep-statement.ts'
import type { Pool } from '../pool.ts'
import { isEnded } from '../store/state.ts'
import { statementsOfKind } from '../store/statements.ts'
import { checkedBond } from './bond-facts.ts'
import { knownJob, MAX_STATEMENTS } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'

/** Another node offers to do a job: its signature, then its bond slot, which must be worth something to rank it. */
export async function acceptAcceptance(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const { statement, signature, hash } = decodeAcceptance(parsePayload(AcceptanceSchema, payload).statement)
  const { jobId: id, nodeKey, bondOutpoint } = statement
  return await pool.locks.run(bytesToHex(id), async () => {
    const { job, state } = await knownJob(pool, id)
    const held = await statementsOfKind(pool.sql, id, MessageType.ACCEPTANCE)
    if (held.some((other) => other.nodeKey !== null && equalBytes(other.nodeKey, nodeKey))) {
      return ignore('KNOWN', 'this node has accepted the job already')
    }
    if (isEnded(state)) return ignore('JOB_ENDED', 'the job is over')
    if (held.length >= MAX_STATEMENTS) return ignore('TOO_MANY', 'enough nodes have accepted this job')
    if (!verify(signature, hash, nodeKey)) throw jobError('BAD_SIGNATURE', 'the acceptance is not signed by its node')
    await checkedBond(pool, { outpoint: bondOutpoint, nodeKey, job })
    await keepStatement(pool, id, {
      kind: MessageType.ACCEPTANCE,
      hash,
      nodeKey,
      commitmentHash: null,
      payload,
      seenMs,
      checked: true,
    })
    return ok()
  })
}
