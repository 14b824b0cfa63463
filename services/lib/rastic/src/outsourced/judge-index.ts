import type { AnswerKind } from './signed-answer.ts'

/** Neighbours that must say the same before anything is believed: two who collude never suffice. */
export const QUORUM = 3

/** What came of asking one neighbour. 'refused': it says why it cannot answer, which is no fault. */
export type Answer = AnswerKind | 'silent' | 'refused'

/** AGREED: the claimed token is F's choice, or near it. MISSED: it is not. OPEN: too few answers, or too divided. */
export type IndexState = 'AGREED' | 'MISSED' | 'OPEN'

/** Whether an answer speaks for the claimed token; undefined where it says nothing. */
export function sideOf(answer: Answer): 'for' | 'against' | undefined {
  if (answer === 'agree' || answer === 'near-tie') return 'for'
  return answer === 'disagree' ? 'against' : undefined
}

/** A quorum, and two thirds of those that answered. */
export function judgeIndex(answers: readonly Answer[]): IndexState {
  const sides = answers.map(sideOf)
  const agree = sides.filter((side) => side === 'for').length
  const disagree = sides.filter((side) => side === 'against').length
  if (isMajority(agree, disagree)) return 'AGREED'
  return isMajority(disagree, agree) ? 'MISSED' : 'OPEN'
}

/** Also how many liars it takes: see collusion.ts. */
export function isMajority(these: number, others: number): boolean {
  return these >= QUORUM && these >= 2 * others
}
