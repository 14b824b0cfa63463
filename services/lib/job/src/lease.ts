import type { Acceptance } from '@camelid/codec'
import { bytesToHex, compareBytes, equalBytes, sha256 } from '@camelid/crypto'
import { rankPreimage } from './check-commitment.ts'

/** Rank is taken this long after a job is first seen, so that acceptances of all nodes can arrive (protocol §6, Lease). */
export const RANK_DELAY_MS = 100

/** An acceptance, and when this pool first saw it; Unix milliseconds. */
export type SeenAcceptance = { readonly acceptance: Acceptance; readonly seenMs: number }

/**
 * Acceptances by SHA-256(jobId ‖ bondOutpoint), the preferred node first; behind them, in the same order, those that came
 * after ranks were taken, which nobody can push in front of the others. Whether bonds are aged the caller has checked.
 */
export function leaseOrder(
  acceptances: readonly SeenAcceptance[],
  job: { readonly jobId: Uint8Array; readonly preferredNode: Uint8Array; readonly firstSeenMs: number },
): readonly Acceptance[] {
  return acceptances
    .map(({ acceptance, seenMs }) => ({
      acceptance,
      late: seenMs > job.firstSeenMs + RANK_DELAY_MS,
      preferred: equalBytes(acceptance.nodeKey, job.preferredNode),
      rank: sha256(rankPreimage(job.jobId, acceptance.bondOutpoint)),
    }))
    .sort(
      (a, b) =>
        Number(a.late) - Number(b.late) || Number(b.preferred) - Number(a.preferred) || compareBytes(a.rank, b.rank),
    )
    .map(({ acceptance }) => acceptance)
}

export type LeaseFacts = {
  /** As leaseOrder gives them. */
  readonly order: readonly Acceptance[]
  readonly firstSeenMs: number
  /** When progress of each node came, by its key in hex; Unix milliseconds, any order. */
  readonly progressMs: ReadonlyMap<string, readonly number[]>
  /** Silence after which the turn passes on; default W/4. */
  readonly leaseMs: number
}

/**
 * Who has the job now, or null before ranks are taken or without acceptances. The first keeps it while its progress
 * comes; silent for leaseMs it loses its turn to the next, and after the last it is the first's turn again.
 */
export function leaseholder(facts: LeaseFacts, nowMs: number): Acceptance | null {
  const { order, progressMs, leaseMs } = facts
  let start = facts.firstSeenMs + RANK_DELAY_MS
  if (order.length === 0 || nowMs < start || leaseMs <= 0) return null
  for (let turn = 0; ; turn += 1) {
    const holder = order[turn % order.length]
    if (holder === undefined) return null
    const end = turnEnd(start, progressMs.get(bytesToHex(holder.nodeKey)) ?? [], leaseMs)
    if (nowMs <= end) return holder
    start = end
  }
}

/** When a turn that began at `start` ends: leaseMs after the last progress that came without a longer silence. */
function turnEnd(start: number, progressMs: readonly number[], leaseMs: number): number {
  let alive = start
  for (const at of [...progressMs].sort((a, b) => a - b)) {
    if (at > alive && at - alive <= leaseMs) alive = at
  }
  return alive + leaseMs
}
