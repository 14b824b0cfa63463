import { fromBinary } from '@bufbuild/protobuf'
import { type Commitment, decodeCommitment, type Signed, type Transaction } from '@camelid/codec'
import { equalBytes, hash160 } from '@camelid/crypto'
import { jobError, paidNode } from '@camelid/job'
import { CommitmentSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import { statementsOfKind } from '../store/statements.ts'

/**
 * The commitment that a payment answers, by what the payment itself says: the name beside it is nobody's signature. Of
 * several that it could answer the one named goes first. Null where it is not known here. @throws JobError BAD_PAYMENT
 */
export async function findPaidCommitment(
  pool: Pool,
  record: JobRecord,
  { payment, named }: { readonly payment: Transaction; readonly named: Uint8Array | null },
): Promise<Signed<Commitment> | null> {
  const paid = paidNode(payment, record)
  if (paid === null) throw jobError('BAD_PAYMENT', 'payment: it is not what F and the job ask for')
  const held = await statementsOfKind(pool.sql, record.id, MessageType.COMMITMENT)
  const answered = held
    .map(({ payload }) => decodeCommitment(fromBinary(CommitmentSchema, payload).statement))
    .filter(
      ({ statement }) =>
        equalBytes(statement.rewardHash, paid.rewardHash) && equalBytes(hash160(statement.nodeKey), paid.nodeHash),
    )
  return answered.find(({ hash }) => named !== null && equalBytes(hash, named)) ?? answered[0] ?? null
}
