import { binomialUpperTail } from '../binomial.ts'
import { requireCount, requireShare } from './parameters.ts'

/** What a test of one sample shall do. */
export interface TestTarget {
  /** Share of positions at which the cheat differs. */
  readonly disagreement: number
  /** Share at which an honest node does, at most. */
  readonly honestRate: number
  /** An honest node shall be taken for a cheat with at most this probability. */
  readonly falseAlarm: number
  /** The cheat shall be seen with at least this probability. */
  readonly power: number
}

export interface SampleTest {
  readonly positions: number
  /** The alarm is raised from so many misses on. */
  readonly alarmAt: number
}

const MOST_POSITIONS = 100_000

/**
 * The shortest sample whose count of misses tells cheat from honest noise at both error rates, by exact binomial tails
 * (rastic: What it is worth). Undefined where none of up to `most` positions does. Because counts are whole numbers a somewhat
 * longer sample can be a little weaker again. @throws RasticError BAD_PARAMETER
 */
export function positionsNeeded(target: TestTarget, most = MOST_POSITIONS): SampleTest | undefined {
  const { disagreement, honestRate, falseAlarm, power } = target
  requireShare('the disagreement', disagreement)
  requireShare('the honest rate', honestRate)
  requireShare('the false alarm', falseAlarm)
  requireShare('the power', power)
  requireCount('the most positions', most)
  if (disagreement <= honestRate) return undefined
  let alarmAt = 1
  for (let positions = 1; positions <= most; positions++) {
    while (alarmAt <= positions && binomialUpperTail(positions, honestRate, alarmAt) > falseAlarm) alarmAt++
    if (alarmAt <= positions && binomialUpperTail(positions, disagreement, alarmAt) >= power)
      return { positions, alarmAt }
  }
  return undefined
}
