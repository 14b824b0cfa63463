import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { CodedError } from '@camelid/errors'
import { JobDisplay } from './display.ts'
import { followJob } from './follow-job.ts'
import { fundParties } from './fund.ts'
import type { DemoOptions } from './options.ts'
import type { Balances, Parties } from './parties.ts'
import { makeReceipt, type Receipt } from './receipt.ts'

/** A job on `local` settles within half a minute; its own deadlines end it before this. */
const JOB_DEADLINE_MS = 180_000
const BALANCE_DEADLINE_MS = 15_000

/**
 * Buys one completion: funds both parties where needed, posts the job, shows its stages, and waits until the payment
 * is mined and both balances show it.
 *
 * @throws CodedError JOB_FAILED with the client's reason, or NO_RECEIPT
 */
export async function runJob(
  parties: Parties,
  options: DemoOptions,
  out: Writable & { isTTY?: boolean },
  signal: AbortSignal,
): Promise<Receipt> {
  await fundParties(parties, (line) => out.write(`  ${line}\n`), signal)
  const before = await parties.balances()
  const started = Date.now()
  const { jobId } = await parties.client.postJob(options)
  const display = new JobDisplay(out, started)
  const late = new AbortController()
  const tooLate = new CodedError('JOB_FAILED', `job ${jobId} came to no end in ${JOB_DEADLINE_MS / 60_000} minutes`)
  const timer = setTimeout(() => late.abort(tooLate), JOB_DEADLINE_MS)
  try {
    for await (const event of followJob(parties.client, jobId, AbortSignal.any([signal, late.signal]))) {
      display.show(event, Date.now())
      if (event.stage === 'checked') await showOutput(parties, jobId, display)
      if (event.stage === 'expired' || event.stage === 'failed') throw await failure(parties, jobId)
    }
  } finally {
    clearTimeout(timer)
  }
  const job = await parties.client.job(jobId)
  const reward = BigInt(job.receipt?.reward ?? 0)
  return makeReceipt(job, before, await settledBalances(parties, before, reward, signal))
}

/** The wallet sees a block a moment after its payment is proven: waits until the node's reward is counted. */
async function settledBalances(
  parties: Parties,
  before: Balances,
  reward: bigint,
  signal: AbortSignal,
): Promise<Balances> {
  const deadline = Date.now() + BALANCE_DEADLINE_MS
  for (;;) {
    const after = await parties.balances()
    const counted = after.node === before.node + reward && after.client < before.client - reward
    if (counted || Date.now() > deadline) return after
    await sleep(50, undefined, { signal })
  }
}

async function showOutput(parties: Parties, jobId: string, display: JobDisplay): Promise<void> {
  const { receipt } = await parties.client.job(jobId)
  if (receipt) display.showOutput(receipt)
}

async function failure(parties: Parties, jobId: string): Promise<CodedError> {
  const job = await parties.client.job(jobId)
  return new CodedError(
    'JOB_FAILED',
    `job ${jobId} ended as ${job.state}: ${job.error?.message ?? 'the client gives no reason'}`,
  )
}
