import { fromBinary } from '@bufbuild/protobuf'
import { decodeCommitment, decodeDelivery } from '@camelid/codec'
import { bytesToHex, equalBytes, verify } from '@camelid/crypto'
import { jobError } from '@camelid/job'
import { CommitmentSchema, DeliverySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import { keepStatement } from '../keep-statement.ts'
import type { Pool } from '../pool.ts'
import { statementsOfKind } from '../store/statements.ts'
import { knownJob } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'

/** Bytes that a delivery may have for each token committed to, and beside them: far more than any text takes. */
const BYTES_A_TOKEN = 256
const BYTES_BESIDE = 4_096

/** Another node's delivery, signed by the node of the commitment it names. One a commitment (protocol §5). */
export async function acceptDelivery(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const message = parsePayload(DeliverySchema, payload)
  const { statement, signature, hash } = decodeDelivery(message.statement)
  const { commitmentHash, ciphertext } = statement
  const id = Uint8Array.from(message.jobId)
  return await pool.locks.run(bytesToHex(id), async () => {
    await knownJob(pool, id)
    const held = await statementsOfKind(pool.sql, id, MessageType.DELIVERY)
    if (held.some((other) => other.commitmentHash !== null && equalBytes(other.commitmentHash, commitmentHash))) {
      return ignore('KNOWN', 'a delivery of this commitment is known')
    }
    const commitments = await statementsOfKind(pool.sql, id, MessageType.COMMITMENT)
    const commitment = commitments.find((other) => equalBytes(other.hash, commitmentHash))
    if (commitment === undefined)
      return ignore('UNKNOWN_COMMITMENT', 'the commitment that it answers is not known here')
    const { nodeKey, tokenCount } = decodeCommitment(
      fromBinary(CommitmentSchema, commitment.payload).statement,
    ).statement
    if (ciphertext.length > BYTES_BESIDE + tokenCount * BYTES_A_TOKEN) {
      return ignore('TOO_LONG', `${ciphertext.length} bytes are no delivery of ${tokenCount} tokens`)
    }
    if (!verify(signature, hash, nodeKey))
      throw jobError('BAD_SIGNATURE', 'the delivery is not signed by the node that committed')
    await keepStatement(pool, id, {
      kind: MessageType.DELIVERY,
      hash,
      nodeKey,
      commitmentHash,
      payload,
      seenMs,
      checked: true,
    })
    return ok()
  })
}
