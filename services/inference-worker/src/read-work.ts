import { fromBinary } from '@bufbuild/protobuf'
import { decodeJob, type Job, jobId } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { CodedError, isCoded } from '@camelid/errors'
import { WorkItemSchema } from '@camelid/proto/work/v1/work_pb'

/**
 * - BAD_WORK: bytes that are no work item.
 * - BAD_JOB: a job that cannot be read, or that is not the one the item names.
 * - WRONG_MODEL: a job for another model than its queue.
 * - DEADLINE_PASSED: nobody waits for the result any more.
 */
export type WorkErrorCode = 'BAD_WORK' | 'BAD_JOB' | 'WRONG_MODEL' | 'DEADLINE_PASSED'

export class WorkError extends CodedError<WorkErrorCode> {}

export interface WorkEnvelope {
  /** 32 bytes. */
  readonly jobId: Uint8Array
  readonly jobBytes: Uint8Array
  /** Unix milliseconds. */
  readonly deadlineMs: number
}

const JOB_ID_BYTES = 32

/** @throws WorkError BAD_WORK */
export function readEnvelope(data: Uint8Array): WorkEnvelope {
  try {
    const item = fromBinary(WorkItemSchema, data)
    if (item.jobId.length === JOB_ID_BYTES) {
      return { jobId: item.jobId.slice(), jobBytes: item.job.slice(), deadlineMs: Number(item.deadlineMs) }
    }
  } catch (cause) {
    throw new WorkError('BAD_WORK', 'the message on the work queue is not a work item', { cause })
  }
  throw new WorkError('BAD_WORK', 'the work item names no job')
}

/** @throws WorkError BAD_JOB, WRONG_MODEL */
export function readJob({ jobId: id, jobBytes }: WorkEnvelope, modelSha256: string): Job {
  let job: Job
  try {
    job = decodeJob(jobBytes)
  } catch (cause) {
    const detail = isCoded(cause) ? cause.message : 'it is not job bytes'
    throw new WorkError('BAD_JOB', `the job cannot be read: ${detail}`, { cause })
  }
  if (!equalBytes(jobId(jobBytes), id)) throw new WorkError('BAD_JOB', 'the work item names another job than it holds')
  if (bytesToHex(job.modelSha256) !== modelSha256) throw new WorkError('WRONG_MODEL', `the job is for ${job.modelName}`)
  return job
}
