import { RasticError } from '../errors.ts'
import { requireAmount, requireCount, requireShare } from './parameters.ts'

/** What cheating turns on; amounts all in one unit, whichever. */
export interface Stakes {
  /** C: what an honest node spends on a job. */
  readonly honestCost: number
  /** c: what the cheat spends. */
  readonly cheatCost: number
  /** R: what both are paid. */
  readonly reward: number
  /** p: share of jobs that are checked. */
  readonly checked: number
  /** d: the probability that a check sees the cheat. */
  readonly detection: number
  /** α: the probability that a check condemns an honest node. */
  readonly falseAlarm: number
  /** r: share of verifiers who stand with the cheat. */
  readonly colluding: number
  /** m: verifiers of a job, of whom one honest one is enough. */
  readonly verifiers: number
}

/**
 * S, the slash above which a node earns more by honest work than by the cheat (rastic: What it is worth):
 * (C − c) / (p·(d − α)·(1 − r^m)) − R; 0 where the lost reward alone is enough, Infinity where no slash is, because the check
 * does not tell the two apart. @throws RasticError BAD_PARAMETER
 */
export function slashNeeded(stakes: Stakes): number {
  const { honestCost, cheatCost, reward } = checkStakes(stakes)
  const told = toldApart(stakes)
  if (told > 0) return Math.max(0, (honestCost - cheatCost) / told - reward)
  return advantageOfHonesty(stakes, 0) >= 0 ? 0 : Number.POSITIVE_INFINITY
}

/** What honest work earns on average more than the cheat at a slash of `slash`; negative where cheating pays. */
export function advantageOfHonesty(stakes: Stakes, slash: number): number {
  const { honestCost, cheatCost, reward } = checkStakes(stakes)
  requireAmount('the slash', slash)
  return toldApart(stakes) * (reward + slash) - (honestCost - cheatCost)
}

/** By how much a cheat loses its reward and slash more often than an honest node does. */
function toldApart({ checked, detection, falseAlarm, colluding, verifiers }: Stakes): number {
  return checked * (detection - falseAlarm) * (1 - colluding ** verifiers)
}

/** What the honest lose a job, on average, to false alarms: p·α·(R + S). @throws RasticError BAD_PARAMETER */
export function honestLoss(stakes: Pick<Stakes, 'checked' | 'falseAlarm' | 'reward'>, slash: number): number {
  requireShare('the share of checked jobs', stakes.checked)
  requireShare('the false alarm', stakes.falseAlarm)
  requireAmount('the reward', stakes.reward)
  requireAmount('the slash', slash)
  return stakes.checked * stakes.falseAlarm * (stakes.reward + slash)
}

/**
 * How often a cheat whose work costs nothing must get away with it to lose nothing: S / (R + S). Half where the slash is the
 * reward, which is the "at least 51% of the time" of paper §2.7; two thirds at the stake of twice the reward (protocol: Job, S).
 * @throws RasticError BAD_PARAMETER
 */
export function breakEvenSuccess(reward: number, slash: number): number {
  requireAmount('the reward', reward)
  requireAmount('the slash', slash)
  if (reward + slash === 0) throw new RasticError('BAD_PARAMETER', 'neither reward nor slash: nothing is won or lost')
  return slash / (reward + slash)
}

function checkStakes(stakes: Stakes): Stakes {
  requireAmount('the honest cost', stakes.honestCost)
  requireAmount("the cheat's cost", stakes.cheatCost)
  requireAmount('the reward', stakes.reward)
  requireShare('the share of checked jobs', stakes.checked)
  requireShare('the detection', stakes.detection)
  requireShare('the false alarm', stakes.falseAlarm)
  requireShare('the colluding share', stakes.colluding)
  requireCount('the number of verifiers', stakes.verifiers)
  return stakes
}
