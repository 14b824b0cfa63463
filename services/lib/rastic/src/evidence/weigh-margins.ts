import type { CheatModel } from './cheat-model.ts'
import { type Evidence, NANO } from './evidence.ts'

/** What the margins of one check say (rastic: The check, "Evidence across jobs"). Logit units, Infinity included. */
export function weighMargins(model: CheatModel, margins: readonly number[]): Evidence {
  let misses = 0
  let weight = 0
  for (const margin of margins) {
    if (margin > model.tau) misses++
    weight += weighMargin(model, margin)
  }
  return { positions: margins.length, misses, weight }
}

/**
 * ln(P(margin | cheat) / P(margin | honest)) in nano-nats, rounded towards honesty. All margins up to tau are one case, all
 * from the cap on another; between them both sides' margins fall off exponentially, each by its own scale.
 */
export function weighMargin({ tau, honest, cheat, cap }: CheatModel, margin: number): number {
  return Math.floor(NANO * nats())

  function nats(): number {
    if (!(margin > tau)) return Math.log1p(-cheat.disagreement) - Math.log1p(-honest.disagreement)
    const rates = Math.log(cheat.disagreement / honest.disagreement)
    const above = (Math.min(margin, cap) - tau) * (1 / honest.marginScale - 1 / cheat.marginScale)
    return margin >= cap ? rates + above : rates + Math.log(honest.marginScale / cheat.marginScale) + above
  }
}
