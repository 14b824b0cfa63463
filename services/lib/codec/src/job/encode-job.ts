import { PUBLIC_KEY_BYTES } from '@camelid/crypto'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { CodecError } from '../codec-error.ts'
import { HASH_BYTES, writeOutPoint } from '../transaction/out-point.ts'
import { JOB_LIMITS, type Job, MAGIC_BYTES } from './job.ts'
import { checkInputBytes, checkJobLimits } from './job-limits.ts'
import { writeTokenIds } from './token-ids.ts'

/**
 * The bytes of a job (protocol: Job). What it gives out, decodeJob takes.
 * @throws CodecError as decodeJob, and BAD_LENGTH where a fixed field has another length
 */
export function encodeJob(job: Job): Uint8Array {
  checkJobLimits(job)
  const writer = new ByteWriter()
    .u16(job.version)
    .fixed(job.magic, MAGIC_BYTES)
    .fixed(job.modelSha256, HASH_BYTES)
    .text(boundedText('modelName', job.modelName, JOB_LIMITS.modelNameBytes))
    .fixed(job.profileSha256, HASH_BYTES)
  writeInput(writer, job)
  writer
    .fixed(job.preferredNode, PUBLIC_KEY_BYTES)
    .u64(job.seed)
    .u32(job.maxTokens)
    .u32(job.temperatureMilli)
    .u32(job.topK)
    .u32(job.topPMicro)
    .u64(job.timestampMs)
    .u32(job.timelock)
    .u64(job.reward)
    .u64(job.fee)
  writeOutPoint(writer, job.fundingOutpoint)
  return writer
    .fixed(job.clientKey, PUBLIC_KEY_BYTES)
    .text(boundedText('clientHost', job.clientHost, JOB_LIMITS.clientHostBytes))
    .u16(job.clientPort)
    .finish()
}

function writeInput(writer: ByteWriter, job: Job): void {
  const start = writer.length
  writer.compactSize(job.input.length)
  for (const segment of job.input) writer.u8(segment.kind).text(segment.text)
  writeTokenIds(writer, job.prefix)
  checkInputBytes(writer.length - start)
}

function boundedText(what: string, text: string, maxBytes: number): string {
  const bytes = Buffer.byteLength(text)
  if (bytes > maxBytes) {
    throw new CodecError('TOO_LONG', `${what} of the job has ${bytes} bytes; at most ${maxBytes} are allowed.`)
  }
  return text
}
