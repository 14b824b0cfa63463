import { fromBinary } from '@bufbuild/protobuf'
import { decodeCommitment } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'
import { CommitmentSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { knownJob } from '../accept/known-job.ts'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import { statementsOfKind } from '../store/statements.ts'

/**
 * The job whose output a question may be about, and how many tokens were committed to. Only what is paid for is checked, and only
 * so far: else questions would be a way to have tokens for nothing, since a hash of one among some thousand hides little.
 *
 * @throws CodedError UNKNOWN_JOB, JOB_NOT_PAID
 */
export async function findPaidOutput(
  pool: Pool,
  jobId: Uint8Array,
): Promise<{ readonly record: JobRecord; readonly tokenCount: number }> {
  const record = await knownJob(pool, jobId)
  const { paymentCommitment: paid } = record
  const held = paid === null ? [] : await statementsOfKind(pool.sql, record.id, MessageType.COMMITMENT)
  const commitment = held
    .map(({ payload }) => decodeCommitment(fromBinary(CommitmentSchema, payload).statement))
    .find(({ hash }) => paid !== null && equalBytes(hash, paid))
  if (commitment === undefined)
    throw new CodedError(
      'JOB_NOT_PAID',
      `this node has seen no payment for job ${record.hex}: outputs are checked after it`,
    )
  return { record, tokenCount: commitment.statement.tokenCount }
}
