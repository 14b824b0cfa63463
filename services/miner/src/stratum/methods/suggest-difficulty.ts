import type { Session } from '../session.ts'
import { StratumError } from '../stratum-error.ts'
import { tidy } from '../vardiff.ts'

/** mining.suggest_difficulty(difficulty): where to begin; what shares show decides from then on. */
export function suggestDifficulty(session: Session, [difficulty]: readonly unknown[]): true {
  if (typeof difficulty !== 'number' || !(difficulty > 0) || !Number.isFinite(difficulty))
    throw new StratumError('BAD_REQUEST', 'the difficulty must be a number above 0')
  session.wanted = tidy(difficulty)
  return true
}
