import type { Job } from '@camelid/codec'
import type { NetworkParams } from '@camelid/consensus'
import { bytesToHex, equalBytes, isPublicKey } from '@camelid/crypto'
import { deadlines, earliestTimelock, latestTimelock, timestampTolerance } from './deadlines.ts'
import { jobError } from './errors.ts'

/** Below this an output costs more to spend than it holds; in base units. */
export const MIN_REWARD_VALUE = 1_000n
/** More than all coins there will ever be (protocol §1). */
const MAX_MONEY = 100_000_000n * 100_000_000n

/** How a pool came to see a job. */
type Sight = {
  /** Others saw it before, and told a pool that was away: it may be older, as long as somebody can commit to it. */
  readonly told?: boolean
}

/** Everything about a job that needs neither chain nor funding: its terms, then its times. */
export function checkJobInIsolation(job: Job, params: NetworkParams, nowMs: number, sight: Sight = {}): void {
  checkJobTerms(job, params)
  checkJobTimes(job, params, nowMs, sight)
}

/** What stays true or false of a job for ever (protocol §5). Field sizes were checked when it was decoded. */
export function checkJobTerms(job: Job, params: NetworkParams): void {
  if (!equalBytes(job.magic, params.magic)) {
    throw jobError('WRONG_NETWORK', `the job is for network ${bytesToHex(job.magic)}, this is "${params.name}"`)
  }
  if (job.prefix.length === 0 && job.input.every((segment) => segment.text.length === 0)) {
    throw jobError('EMPTY_INPUT', 'the job has no input: give it a prompt')
  }
  if (job.maxTokens < 1) throw jobError('BAD_MAX_TOKENS', 'maxTokens is 0: ask for at least one token')
  if (job.reward < MIN_REWARD_VALUE || job.reward > MAX_MONEY) {
    throw jobError('BAD_REWARD', `a reward of ${job.reward} base units is out of range: at least ${MIN_REWARD_VALUE}`)
  }
  if (job.fee > MAX_MONEY) throw jobError('BAD_REWARD', `a fee of ${job.fee} base units is more than there is`)
  if (!isPublicKey(job.clientKey)) throw jobError('BAD_CLIENT_KEY', 'the client key is not a point of the curve')
  if (hasPreferredNode(job) && !isPublicKey(job.preferredNode)) {
    throw jobError('BAD_PREFERRED_NODE', 'the preferred node is not a point of the curve')
  }
}

/** Timestamp against the clock of a pool that sees the job for the first time, and the timelock's range (protocol §6). */
export function checkJobTimes(job: Job, params: NetworkParams, nowMs: number, { told = false }: Sight = {}): void {
  const offMs = Number(job.timestampMs) - nowMs
  const tolerance = timestampTolerance(params)
  if (offMs > tolerance || (offMs < -tolerance && !told)) {
    throw jobError('TIMESTAMP_OFF', `the job's clock is ${offMs} ms from ours: set the clocks right`, { offMs })
  }
  const earliest = earliestTimelock(params, job.timestampMs)
  const latest = latestTimelock(params, job.timestampMs)
  if (job.timelock < earliest) {
    throw jobError('TIMELOCK_TOO_EARLY', `timelock ${job.timelock} is before ${earliest} (timestamp + 3W)`, {
      earliest,
    })
  }
  if (job.timelock > latest) {
    throw jobError('TIMELOCK_TOO_LATE', `timelock ${job.timelock} is after ${latest}: verdicts would not last`, {
      latest,
    })
  }
  if (told && nowMs > deadlines(params, job).commit * 1000) {
    throw jobError('DEADLINE_PASSED', 'the job was told after the deadline of its commitment')
  }
}

/** Whether the client asked for one node (33 zero bytes: for none). */
export function hasPreferredNode(job: { readonly preferredNode: Uint8Array }): boolean {
  return job.preferredNode.some((byte) => byte !== 0)
}
