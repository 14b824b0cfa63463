import { type CheckVerdict, checkOutput, type Engine, type Profile } from '@camelid/rastic'
import type { Order } from './orders.ts'

/** One checked output. */
export interface Sample {
  /** Attack or honest regime. */
  readonly name: string
  readonly temperatureMilli: number
  readonly order: number
  readonly verdict: CheckVerdict
  /** A margin for each checked token, logit units; empty where a fault was seen without the model. */
  readonly margins: readonly number[]
  /** Checked tokens that were not the model's choice. */
  readonly mismatches: number
  readonly verifyUs: number
  /** Of the engine that wrote it; 0 where none did. */
  readonly generateUs: number
}

export async function takeSample(options: {
  readonly name: string
  readonly verifier: Engine
  readonly profile: Profile
  readonly order: Order
  readonly tokenIds: readonly number[]
  readonly generateUs: number
}): Promise<Sample> {
  const { name, verifier, profile, order, tokenIds, generateUs } = options
  const report = await checkOutput({
    engine: verifier,
    job: order.job,
    jobId: order.jobId,
    tokenIds,
    text: verifier.detokenize(order.job.prefix, tokenIds),
    profile,
    signal: new AbortController().signal,
  })
  return {
    name,
    temperatureMilli: order.job.temperatureMilli,
    order: order.number,
    verdict: report.verdict,
    margins: report.positions.map(({ margin }) => margin),
    mismatches: report.positions.filter(({ kind }) => kind !== 'match').length,
    verifyUs: report.verifyUs,
    generateUs,
  }
}
