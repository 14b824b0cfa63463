import { fromBinary } from '@bufbuild/protobuf'
import { decodeJob, type Job, jobId } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { type VerifyRequest, VerifyRequestSchema } from '@camelid/proto/work/v1/work_pb'
import { VerifyError } from './verify-error.ts'

/** Ids of requests: a hash, or something as short. */
const MAX_ID_BYTES = 64

/** @throws VerifyError BAD_REQUEST */
export function readRequest(data: Uint8Array): VerifyRequest {
  try {
    const request = fromBinary(VerifyRequestSchema, data)
    const { length } = request.requestId
    if (length > 0 && length <= MAX_ID_BYTES) return request
  } catch (cause) {
    throw new VerifyError('BAD_REQUEST', 'the message on the queue is not a request to verify', { cause })
  }
  throw new VerifyError('BAD_REQUEST', 'the request to verify has no id')
}

/** @throws VerifyError BAD_JOB, WRONG_MODEL */
export function readJob(bytes: Uint8Array, modelSha256: string): { job: Job; id: Uint8Array } {
  let job: Job
  try {
    job = decodeJob(bytes)
  } catch (cause) {
    throw new VerifyError(
      'BAD_JOB',
      `the job cannot be read: ${isCoded(cause) ? cause.message : 'it is not job bytes'}`,
      { cause },
    )
  }
  if (bytesToHex(job.modelSha256) !== modelSha256)
    throw new VerifyError('WRONG_MODEL', `the job is for ${job.modelName}`)
  return { job, id: jobId(bytes) }
}
