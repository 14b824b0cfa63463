import type { MessageInitShape } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'
import type { GetJobRequest, GetJobResponseSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import { loadJob } from '../store/jobs.ts'
import { loadStatements } from '../store/statements.ts'
import { jobView } from './view.ts'

/** A job with everything said about it, as p2p payloads, so that who was away can catch up. @throws NOT_FOUND */
export async function getJob(
  pool: Pool,
  request: GetJobRequest,
): Promise<MessageInitShape<typeof GetJobResponseSchema>> {
  const record = request.jobId.length === 32 ? await loadJob(pool.sql, request.jobId) : null
  if (record === null) throw new CodedError('NOT_FOUND', `no job ${bytesToHex(request.jobId)} here`)
  const statements = await loadStatements(pool.sql, record.id)
  const commitment = statements.find((held) => held.kind === MessageType.COMMITMENT)
  const nodeKey = commitment?.nodeKey ?? (record.mine ? pool.keys.nodeKey : null)
  return {
    job: jobView(record, { tokens: pool.progress.tokens(record.hex), nodeKey }),
    statements: statements.map((held) => ({ type: held.kind, payload: held.payload })),
  }
}
