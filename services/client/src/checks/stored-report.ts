import type { CheckReport, NeighbourReport } from '@camelid/rastic'

/** What is kept of a check. A margin is null where no number is large enough, or none is known. */
export type StoredReport = Omit<CheckReport, 'verdict' | 'maxMargin' | 'positions'> & {
  /** UNCHECKED: in files from before neighbours were asked. */
  readonly verdict: CheckReport['verdict'] | 'UNCHECKED'
  /** By our own copy of the model, or by nodes that have it. Left out in files from before there was a choice. */
  readonly checkedBy?: 'self' | 'neighbours'
  /** Neighbours that answered. */
  readonly neighbours?: number
  readonly maxMargin: number | null
  /** Only positions that are no match, the first hundred. */
  readonly positions: readonly Record<string, number | string | null>[]
}

const MAX_POSITIONS = 100

/** A check by our own copy of the model. */
export function ownReport(report: CheckReport): StoredReport {
  return {
    ...report,
    checkedBy: 'self',
    maxMargin: finite(report.maxMargin),
    positions: report.positions
      .filter(({ kind }) => kind !== 'match')
      .slice(0, MAX_POSITIONS)
      .map((position) => ({ ...position, margin: finite(position.margin) })),
  }
}

/** A check by neighbours. */
export function neighbourReport(report: NeighbourReport<unknown>, verifyUs: number): StoredReport {
  const { verdict, reason, neighbours, positionsChecked, misses, nearTies, firstDivergence, honestProbability } = report
  return {
    verdict,
    reason,
    checkedBy: 'neighbours',
    neighbours,
    positionsChecked,
    misses,
    nearTies,
    maxMargin: null,
    firstDivergence,
    honestProbability,
    positions: report.positions
      .filter(({ state }) => state !== 'AGREED')
      .slice(0, MAX_POSITIONS)
      .map(({ index, state }) => ({ index, kind: state === 'MISSED' ? 'miss' : 'open' })),
    verifyUs,
  }
}

/** Nobody could check: the reason says what to do. */
export function openReport(checkedBy: 'self' | 'neighbours', reason: string): StoredReport {
  return {
    verdict: 'INCONCLUSIVE',
    reason,
    checkedBy,
    neighbours: 0,
    positionsChecked: 0,
    misses: 0,
    nearTies: 0,
    maxMargin: null,
    firstDivergence: -1,
    honestProbability: 1,
    positions: [],
    verifyUs: 0,
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
