import { positionsToDetect } from '../calculus/detection.ts'
import { CHEAT_LEFT } from '../honesty.ts'
import type { Profile } from '../profile.ts'
import type { CheckVerdict } from '../report.ts'
import { drawIndices, type Random } from './draw-indices.ts'
import { type Answer, type IndexState, QUORUM } from './judge-index.ts'
import { judgePositions, type PolledPosition } from './judge-positions.ts'
import { type Asked, Panel, type Votes } from './panel.ts'

/** Positions asked for at most, spare ones aside: each is a run of the model over all before it. */
const MAX_POSITIONS = 64

export interface NeighbourReport<N> {
  readonly verdict: CheckVerdict
  readonly reason: string
  /** Neighbours that gave answers. */
  readonly neighbours: number
  /** Positions on which they were of one mind. */
  readonly positionsChecked: number
  readonly misses: number
  readonly nearTies: number
  /** Index in the output of the first miss; −1 for none. */
  readonly firstDivergence: number
  readonly honestProbability: number
  readonly positions: readonly PolledPosition[]
  readonly votes: ReadonlyMap<N, Votes>
}

export interface NeighbourCheck<N> {
  /** Tokens of the output. */
  readonly tokens: number
  readonly profile: Profile
  /** Whom to ask: not the node that made the output, nobody twice. */
  readonly neighbours: readonly N[]
  /** Puts one question and judges what comes back; rejects only where the check is given up. */
  readonly ask: (neighbour: N, asked: Asked) => Promise<Answer>
  readonly random: Random
}

/**
 * An output checked by whoever has the model, without trusting any of them (rastic: Outsourced check). Positions are asked for
 * one after the other, rising; each of three neighbours, then of all where those do not all agree; once somebody said
 * otherwise, spare positions are asked for, too. What the tokens spell comes last.
 */
export async function checkByNeighbours<N>(check: NeighbourCheck<N>): Promise<NeighbourReport<N>> {
  const { tokens, profile, random } = check
  const panel = new Panel(check)
  const wanted = Math.min(MAX_POSITIONS, positionsToDetect(profile.designDisagreement, 1 - CHEAT_LEFT))
  const positions: PolledPosition[] = []
  let text: IndexState = 'OPEN'
  let contested = false
  for (const { index, spare } of drawIndices({ tokens, wanted, spare: wanted, random })) {
    if (!panel.suffices) break
    if (spare && !contested) continue
    const poll = await panel.poll({ kind: 'token', index })
    contested ||= poll.contested
    positions.push({ index, state: poll.state, nearTie: poll.nearTie })
  }
  if (panel.suffices) text = (await panel.poll({ kind: 'text', index: tokens })).state
  const judged = judgePositions(positions, text, { tokens, profile })
  const missed = positions.filter(({ state }) => state === 'MISSED')
  const tooFew = !panel.suffices && judged.verdict === 'INCONCLUSIVE'
  return {
    ...judged,
    ...(tooFew && { reason: `fewer than ${QUORUM} neighbours answered: no verdict can rest on them` }),
    neighbours: panel.answered,
    positionsChecked: positions.filter(({ state }) => state !== 'OPEN').length,
    misses: missed.length,
    nearTies: positions.filter(({ nearTie }) => nearTie).length,
    firstDivergence: missed[0]?.index ?? -1,
    positions,
    votes: panel.votes,
  }
}
