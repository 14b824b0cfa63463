import { malformed } from '../bytes/byte-reader.ts'
import { assertPublicKey } from '../bytes/public-key.ts'
import { MAX_MONEY } from '../transaction/transaction.ts'
import { JOB_LIMITS, JOB_VERSION, type Job } from './job.ts'

/**
 * The numbers and keys of a job, which the bytes alone cannot hold in bounds (protocol: Job).
 * @throws CodecError BAD_VERSION, OUT_OF_RANGE, VALUE_OVERFLOW, BAD_KEY
 */
export function checkJobLimits(job: Job): void {
  if (job.version !== JOB_VERSION) {
    throw malformed('BAD_VERSION', `The job has version ${job.version}; this program knows version ${JOB_VERSION}.`)
  }
  checkAtMost('maxTokens', job.maxTokens, JOB_LIMITS.maxTokens)
  checkAtMost('temperatureMilli', job.temperatureMilli, JOB_LIMITS.temperatureMilli)
  checkAtMost('topPMicro', job.topPMicro, JOB_LIMITS.topPMicro)
  if (job.reward + job.fee > MAX_MONEY) {
    throw malformed('VALUE_OVERFLOW', 'Reward and fee of the job are together more than all coins.')
  }
  assertPublicKey(job.clientKey, 'clientKey of the job')
  if (job.preferredNode.some((byte) => byte !== 0)) assertPublicKey(job.preferredNode, 'preferredNode of the job')
}

/** @throws CodecError TOO_LONG */
export function checkInputBytes(bytes: number): void {
  if (bytes > JOB_LIMITS.inputBytes) {
    throw malformed(
      'TOO_LONG',
      `Input and prefix of the job have ${bytes} bytes together; at most ${JOB_LIMITS.inputBytes} are allowed.`,
    )
  }
}

function checkAtMost(what: string, value: number, max: number): void {
  if (value > max) throw malformed('OUT_OF_RANGE', `${what} of the job is ${value}; at most ${max} is allowed.`)
}
