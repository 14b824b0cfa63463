import type { NetworkParams } from '@camelid/consensus'

/** Unix seconds, with a fraction where the division leaves one; each is judged by the pool's own clock. */
export type Deadlines = {
  /** The step of a job, in seconds: w = max(W, (T − timestamp)/4). */
  readonly step: number
  /** Commitment by T − 2w. */
  readonly commit: number
  /** P by T − 1.75w. */
  readonly payment: number
  /** Delivery by T − 1.5w. */
  readonly delivery: number
  /** A bare NO_OUTPUT claim by T − w. */
  readonly bareClaim: number
  /** Other claims by T − 0.75w. */
  readonly claim: number
  /** Attestations by T − w/4. */
  readonly attest: number
}

/** What deadlines depend on. */
export type JobTimes = { readonly timestampMs: bigint; readonly timelock: number }

/** The deadlines of a job (protocol §6). Computed in whole milliseconds, so that everybody gets the same. */
export function deadlines(params: NetworkParams, { timestampMs, timelock }: JobTimes): Deadlines {
  const lockMs = timelock * 1000
  const stepMs = Math.max(params.contestWindow * 1000, Math.floor((lockMs - Number(timestampMs)) / 4))
  const before = (steps: number): number => (lockMs - steps * stepMs) / 1000
  return {
    step: stepMs / 1000,
    commit: before(2),
    payment: before(1.75),
    delivery: before(1.5),
    bareClaim: before(1),
    claim: before(0.75),
    attest: before(0.25),
  }
}

/** The earliest timelock a job of this timestamp may have, in Unix seconds: timestamp + 3W, rounded up. */
export function earliestTimelock(params: NetworkParams, timestampMs: bigint): number {
  return Math.ceil((Number(timestampMs) + 3 * params.contestWindow * 1000) / 1000)
}

/** The latest timelock: timestamp + 2W + V·spacing/4, rounded down, so that verdicts stay possible to its end. */
export function latestTimelock(params: NetworkParams, timestampMs: bigint): number {
  const spanMs = (2 * params.contestWindow + (params.verdictLife * params.spacing) / 4) * 1000
  return Math.floor((Number(timestampMs) + spanMs) / 1000)
}

/** How far a job's timestamp may be from the clock of a pool that first sees it: min(60 s, W/2), in milliseconds. */
export function timestampTolerance(params: NetworkParams): number {
  return Math.min(60_000, params.contestWindow * 500)
}
