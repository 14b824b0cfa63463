import type { Cheat, CheatModel } from './cheat-model.ts'
import { boundsOf, type ErrorRates } from './judge-evidence.ts'

/**
 * Positions after which a node that really misses so is found out or cleared, on average: Wald's bound ÷ drift, which leaves
 * out the overshoot of the last step. Infinity where the node stands so far between both that evidence leads nowhere.
 *
 * @throws RasticError BAD_PARAMETER
 */
export function expectedPositions(model: CheatModel, truth: Cheat, rates: ErrorRates): number {
  const { alarm, clear } = boundsOf(rates)
  const drift = driftOf(model, truth)
  if (drift === 0) return Number.POSITIVE_INFINITY
  return (drift > 0 ? alarm : clear) / drift
}

/** Nats that a position of such a node adds on average: the weight of a margin, integrated over the node's margins. */
export function driftOf({ tau, honest, cheat, cap }: CheatModel, truth: Cheat): number {
  const match = Math.log1p(-cheat.disagreement) - Math.log1p(-honest.disagreement)
  const toCap = (cap - tau) / truth.marginScale
  const capped = Math.exp(-toCap)
  // The mean of min(margin, cap) − tau.
  const above = truth.marginScale * -Math.expm1(-toCap)
  const miss =
    Math.log(cheat.disagreement / honest.disagreement) +
    (1 - capped) * Math.log(honest.marginScale / cheat.marginScale) +
    above * (1 / honest.marginScale - 1 / cheat.marginScale)
  return (1 - truth.disagreement) * match + truth.disagreement * miss
}
