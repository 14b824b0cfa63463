import type { CheatModel } from './cheat-model.ts'
import { type Evidence, NANO } from './evidence.ts'

/**
 * What matches and misses say where no margins are known: of positions that neighbours checked, and of the neighbours whose
 * answers were believed or outvoted. Weighed by how often each side misses, rounded towards honesty.
 */
export function weighAnswers({ honest, cheat }: CheatModel, found: { matches: number; misses: number }): Evidence {
  const { matches, misses } = found
  const match = Math.floor(NANO * (Math.log1p(-cheat.disagreement) - Math.log1p(-honest.disagreement)))
  const miss = Math.floor(NANO * Math.log(cheat.disagreement / honest.disagreement))
  return { positions: matches + misses, misses, weight: matches * match + misses * miss }
}
