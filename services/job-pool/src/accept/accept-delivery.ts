import { fromBinary } from '@bufbuild/protobuf'
import { decodeCommitment, decodeDelivery } from '@camelid/codec'
import { bytesToHex, equalBytes, verify } from '@camelid/crypto'
import { jobError } from '@camelid/job'
import { CommitmentSchema, DeliverySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { announce, refreshContext } from '../refresh.ts'
import { refreshState } from '../store/state.ts'
import { insertStatement, statementsOfKind } from '../store/statements.ts'
import { knownJob } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'

/** Another node's delivery, signed by the node of the commitment it names. One a commitment (protocol §5). */
export async function acceptDelivery(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const message = parsePayload(DeliverySchema, payload)
  const { statement, signature, hash } = decodeDelivery(message.statement)
  const id = Uint8Array.from(message.jobId)
  const hex = bytesToHex(id)
  return await pool.locks.run(hex, async () => {
    await knownJob(pool, id)
    const held = await statementsOfKind(pool.sql, id, MessageType.DELIVERY)
    if (held.some((other) => equalBytes(other.hash, hash))) return ignore('KNOWN', 'this delivery is known')
    if (
      held.some((other) => other.commitmentHash !== null && equalBytes(other.commitmentHash, statement.commitmentHash))
    ) {
      return ignore('KNOWN', 'a delivery of this commitment is known')
    }
    const commitments = await statementsOfKind(pool.sql, id, MessageType.COMMITMENT)
    const commitment = commitments.find((other) => equalBytes(other.hash, statement.commitmentHash))
    if (commitment === undefined)
      return ignore('UNKNOWN_COMMITMENT', 'the commitment that it answers is not known here')
    const { nodeKey } = decodeCommitment(fromBinary(CommitmentSchema, commitment.payload).statement).statement
    if (!verify(signature, hash, nodeKey))
      throw jobError('BAD_SIGNATURE', 'the delivery is not signed by the node that committed')
    const refreshed = await pool.sql.begin(async (tx) => {
      const { commitmentHash } = statement
      const values = { kind: MessageType.DELIVERY, hash, nodeKey, commitmentHash, payload, seenMs, checked: true }
      await insertStatement(tx, id, values)
      return await refreshState(tx, id, refreshContext(pool))
    })
    if (refreshed?.changed === true) announce(pool, refreshed.record)
    pool.driver.wake(hex)
    return ok()
  })
}
