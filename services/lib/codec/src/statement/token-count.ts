import { type ByteReader, malformed } from '../bytes/byte-reader.ts'
import { JOB_LIMITS } from '../job/job.ts'

/** @throws CodecError OUT_OF_RANGE above the most tokens that a job can ask for */
export function readTokenCount(reader: ByteReader): number {
  const count = reader.u32()
  if (count > JOB_LIMITS.maxTokens) {
    throw malformed('OUT_OF_RANGE', `${count} tokens are stated; a job has at most ${JOB_LIMITS.maxTokens}.`)
  }
  return count
}
