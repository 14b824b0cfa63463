import type { NodeRow } from '../store/nodes.ts'

/** What a node's word is worth to us. */
export type Rank = 'good' | 'unknown' | 'poor'

/** Good deeds that one of these undoes. */
const COST = { invalid: 16, failed: 4, forged: 16, outvoted: 8, silent: 4, disputed: 1 }
/** Of a node that nothing is known of. */
const EVEN = 0.5

/** 0 to 1: the share of good ends among its jobs, as a stranger with one of each would begin; 0 where the evidence says it cheats. */
export function makerScore({ maker, valid, invalid, failed }: NodeRow): number {
  if (maker.verdict === 'CHEATING') return 0
  return (1 + valid) / (2 + valid + COST.invalid * invalid + COST.failed * failed)
}

/** 0 to 1, the same of its answers about outputs of others. */
export function checkerScore({ checker, right, outvoted, disputed, silent, forged }: NodeRow): number {
  if (checker.verdict === 'CHEATING') return 0
  const lost = COST.outvoted * outvoted + COST.disputed * disputed + COST.silent * silent + COST.forged * forged
  return (1 + right) / (2 + right + lost)
}

export function rankOf(score: number): Rank {
  if (score === EVEN) return 'unknown'
  return score > EVEN ? 'good' : 'poor'
}

/**
 * The node to name first in a job's lease. Where nothing speaks against any node that we know, none: the lease draws by lot, which
 * spreads the work. Else one of the best, so that jobs pass the poor ones by.
 */
export function chooseNode(nodes: readonly NodeRow[], random: (below: number) => number): Uint8Array | undefined {
  const scored = nodes.map((node) => ({ node, score: makerScore(node) }))
  if (!scored.some(({ score }) => rankOf(score) === 'poor')) return undefined
  const best = Math.max(...scored.map(({ score }) => score))
  if (rankOf(best) !== 'good') return undefined
  const first = scored.filter(({ score }) => score === best)
  return first[random(first.length)]?.node.nodeKey
}
