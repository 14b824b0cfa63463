import { RasticError } from '../errors.ts'
import { type Evidence, NANO } from './evidence.ts'

/** OPEN: more positions are needed. */
export type EvidenceVerdict = 'HONEST' | 'CHEATING' | 'OPEN'

export interface ErrorRates {
  /** α: an honest node is ever found CHEATING with at most this probability. */
  readonly falseAlarm: number
  /** β: the cheat is ever found HONEST with at most this probability. */
  readonly missedCheat: number
}

/** Standing is no slash, yet a node that lost it for nothing loses its trade: one in a million. */
export const STANDING_RATES: ErrorRates = { falseAlarm: 1e-6, missedCheat: 1e-2 }

/**
 * Wald's sequential probability ratio test. Its textbook bounds, ln((1−β)/α) and ln(β/(1−α)), hold the error rates only
 * nearly, because the last step overshoots them; ln(1/α) and ln β hold them whatever the steps (Ville's inequality), and so
 * also where evidence comes a job at a time, or is looked at whenever one likes. @throws RasticError BAD_PARAMETER
 */
export function judgeEvidence({ weight }: Evidence, rates: ErrorRates): EvidenceVerdict {
  const { alarm, clear } = boundsOf(rates)
  if (weight >= alarm * NANO) return 'CHEATING'
  return weight <= clear * NANO ? 'HONEST' : 'OPEN'
}

/** Nats at which the test ends. @throws RasticError BAD_PARAMETER */
export function boundsOf({ falseAlarm, missedCheat }: ErrorRates): { readonly alarm: number; readonly clear: number } {
  const isRate = (rate: number): boolean => rate > 0 && rate < 0.5
  if (!isRate(falseAlarm) || !isRate(missedCheat)) {
    throw new RasticError('BAD_PARAMETER', `error rates ${falseAlarm} and ${missedCheat}: give both between 0 and 0.5`)
  }
  return { alarm: -Math.log(falseAlarm), clear: Math.log(missedCheat) }
}
