import { binomialUpperTail } from '../binomial.ts'
import { CHEAT_LEFT, cheatProbability, SUSPICIOUS } from '../honesty.ts'
import type { Profile } from '../profile.ts'
import type { CheckVerdict } from '../report.ts'
import type { IndexState } from './judge-index.ts'

/** Share of positions at which an honest output may hold a near-tie of F's choice: several times what was measured of any noise. */
const NEAR_TIE_RATE = 0.02

export interface PolledPosition {
  readonly index: number
  readonly state: IndexState
  readonly nearTie: boolean
}

export interface JudgedPositions {
  readonly verdict: CheckVerdict
  readonly reason: string
  /** Upper bound of the probability that an honest node shows so many misses. */
  readonly honestProbability: number
}

/**
 * The verdict over what neighbours said of some positions and of the text: as where the model is here, but without margins, so that
 * it takes more misses to prove a cheat, and the first and the last position, which nobody replays, prove none.
 */
export function judgePositions(
  positions: readonly PolledPosition[],
  text: IndexState,
  { tokens, profile }: { readonly tokens: number; readonly profile: Profile },
): JudgedPositions {
  const settled = positions.filter(({ state }) => state !== 'OPEN')
  const missed = settled.filter(({ state }) => state === 'MISSED').map(({ index }) => index)
  const interior = missed.filter((index) => index > 0 && index < tokens - 1)
  const honestProbability = binomialUpperTail(settled.length, profile.missRate, missed.length)
  const is = (verdict: CheckVerdict, reason: string): JudgedPositions => ({ verdict, reason, honestProbability })
  const counted = `${settled.length} of ${tokens} positions checked by neighbours`
  const differ = `the model chooses another token at ${missed.length} of them, first at token ${missed[0]}`

  if (text === 'MISSED')
    return is('INVALID', `the text is not what the tokens spell, or does not end where the model does`)
  if (binomialUpperTail(settled.length, profile.missRate, interior.length) < profile.falseAlarm)
    return is('INVALID', `${counted}: ${differ}`)
  const open = positions.length - settled.length + (text === 'OPEN' ? 1 : 0)
  if (open > 0)
    return is('INCONCLUSIVE', `neighbours do not agree on ${open} questions, or too few answered (${counted})`)
  if (honestProbability < SUSPICIOUS)
    return is('INCONCLUSIVE', `too little to prove a cheat, but ${differ} (${counted})`)
  const nearTies = settled.filter(({ nearTie }) => nearTie).length
  if (binomialUpperTail(settled.length, NEAR_TIE_RATE, nearTies) < SUSPICIOUS)
    return is(
      'INCONCLUSIVE',
      `${nearTies} tokens are only nearly the model's own choice: more than is usual (${counted})`,
    )
  if (!excludesCheat(settled.length, missed.length, { tokens, profile }))
    return is('INCONCLUSIVE', `too few positions to exclude a cheat (${counted})`)
  return is(
    'VALID',
    missed.length === 0
      ? `every token asked for is the model's own choice (${counted})`
      : `${differ}, no more than noise explains (${counted})`,
  )
}

function excludesCheat(
  checked: number,
  misses: number,
  { tokens, profile }: { readonly tokens: number; readonly profile: Profile },
): boolean {
  return (checked === tokens && misses === 0) || cheatProbability(checked, misses, profile) <= CHEAT_LEFT
}

/** Misses among so many positions with which an output can still be VALID; −1 where not even none are enough. */
export function toleratedMisses(checked: number, profile: Profile): number {
  let misses = -1
  while (
    misses < checked &&
    cheatProbability(checked, misses + 1, profile) <= CHEAT_LEFT &&
    binomialUpperTail(checked, profile.missRate, misses + 1) >= SUSPICIOUS
  )
    misses++
  return misses
}
