import { PUBLIC_KEY_BYTES } from '@camelid/crypto'
import { assertAtMost, ByteReader, malformed } from '../bytes/byte-reader.ts'
import { HASH_BYTES, readOutPoint } from '../transaction/out-point.ts'
import { type InputSegment, JOB_LIMITS, JOB_VERSION, type Job, MAGIC_BYTES, MAX_JOB_BYTES } from './job.ts'
import { checkInputBytes, checkJobLimits } from './job-limits.ts'
import { readTokenIds } from './token-ids.ts'

/** A segment's kind and the length of an empty text. */
const MIN_SEGMENT_BYTES = 2

/**
 * Parses job bytes, every limit of a job in isolation judged (protocol: Job).
 * @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, NON_CANONICAL_SIZE, BAD_UTF8, BAD_VERSION, BAD_KIND,
 *   OUT_OF_RANGE, VALUE_OVERFLOW, BAD_KEY
 */
export function decodeJob(bytes: Uint8Array): Job {
  assertAtMost(bytes, MAX_JOB_BYTES, 'The job')
  const reader = new ByteReader(bytes)
  const job: Job = {
    version: readVersion(reader),
    magic: reader.bytes(MAGIC_BYTES),
    modelSha256: reader.bytes(HASH_BYTES),
    modelName: reader.text(JOB_LIMITS.modelNameBytes),
    profileSha256: reader.bytes(HASH_BYTES),
    ...readInput(reader),
    preferredNode: reader.bytes(PUBLIC_KEY_BYTES),
    seed: reader.u64(),
    maxTokens: reader.u32(),
    temperatureMilli: reader.u32(),
    topK: reader.u32(),
    topPMicro: reader.u32(),
    timestampMs: reader.u64(),
    timelock: reader.u32(),
    reward: reader.u64(),
    fee: reader.u64(),
    fundingOutpoint: readOutPoint(reader),
    clientKey: reader.bytes(PUBLIC_KEY_BYTES),
    clientHost: reader.text(JOB_LIMITS.clientHostBytes),
    clientPort: reader.u16(),
  }
  reader.end()
  checkJobLimits(job)
  return job
}

/** First of all, for a later version may mean anything by the bytes after it. */
function readVersion(reader: ByteReader): number {
  const version = reader.u16()
  if (version !== JOB_VERSION) {
    throw malformed('BAD_VERSION', `The job has version ${version}; this program knows version ${JOB_VERSION}.`)
  }
  return version
}

function readInput(reader: ByteReader): { input: InputSegment[]; prefix: number[] } {
  const start = reader.offset
  const count = reader.count(MIN_SEGMENT_BYTES, JOB_LIMITS.inputBytes / MIN_SEGMENT_BYTES)
  const input: InputSegment[] = []
  for (let i = 0; i < count; i++) {
    input.push({ kind: readKind(reader), text: reader.text(JOB_LIMITS.inputBytes) })
  }
  const prefix = readTokenIds(reader, JOB_LIMITS.inputBytes / 4)
  checkInputBytes(reader.offset - start)
  return { input, prefix }
}

function readKind(reader: ByteReader): 0 | 1 {
  const kind = reader.u8()
  if (kind !== 0 && kind !== 1) throw malformed('BAD_KIND', `An input segment has kind ${kind}; 0 and 1 are known.`)
  return kind
}
