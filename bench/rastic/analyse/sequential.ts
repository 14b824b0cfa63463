import {
  cheatModel,
  type Evidence,
  FINE_QUANTISATION,
  NEW_STANDING,
  type Profile,
  STANDING_RATES,
  updateStanding,
  weighMargins,
} from '@camelid/rastic'
import { percentile } from '../../report.ts'
import type { Sample } from '../collect/sample.ts'

/** Tokens after which a node is left alone. */
export const GIVE_UP = 200_000

/** What the sequential test across jobs makes of nodes that sell nothing but outputs of one kind. */
export interface SequentialResult {
  /** Share of nodes found CHEATING within 200,000 tokens. */
  readonly found: number
  /** Tokens sold until then: by the middle node, and by 95 of 100; Infinity where fewer are found. */
  readonly median: number
  readonly most: number
}

/** @param nodes each sells jobs drawn anew, with repetition */
export function findBySequence(
  samples: readonly Sample[],
  { profile, nodes, next }: { profile: Profile; nodes: number; next: () => number },
): SequentialResult {
  const model = cheatModel(profile, FINE_QUANTISATION)
  const jobs = samples.filter(({ margins }) => margins.length > 0).map(({ margins }) => weighMargins(model, margins))
  const tokens = Array.from({ length: nodes }, () =>
    tokensUntilFound(() => jobs[Math.floor(next() * jobs.length)], jobs.length === 0 ? 0 : GIVE_UP),
  )
  return {
    found: tokens.filter(Number.isFinite).length / nodes,
    median: percentile(tokens, 0.5),
    most: percentile(tokens, 0.95),
  }
}

function tokensUntilFound(nextJob: () => Evidence | undefined, most: number): number {
  let standing = NEW_STANDING
  for (let tokens = 0; tokens < most; ) {
    const job = nextJob()
    if (job === undefined) break
    tokens += job.positions
    standing = updateStanding(standing, job, STANDING_RATES)
    if (standing.verdict === 'CHEATING') return tokens
  }
  return Number.POSITIVE_INFINITY
}
