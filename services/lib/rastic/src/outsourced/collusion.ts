import { binomialLowerTail, binomialUpperTail } from '../binomial.ts'
import { requireCount, requireShare } from '../calculus/parameters.ts'
import { isMajority, QUORUM } from './judge-index.ts'

/** Neighbours that answer, and of them those that collude: with each other, and with the node that made the output. */
export interface Neighbourhood {
  readonly neighbours: number
  readonly liars: number
}

/**
 * The probability that liars get a wrong token AGREED at one position: those drawn for it are all liars, or liars are two thirds
 * of all. 0 where they are fewer than the quorum, so with two. @throws RasticError BAD_PARAMETER
 */
export function falseAgreement({ neighbours, liars }: Neighbourhood): number {
  requireCount('the number of neighbours', neighbours)
  requireCount('the number of liars', liars)
  if (isMajority(liars, neighbours - liars)) return 1
  let all = 1
  for (let i = 0; i < QUORUM; i++) all *= Math.max(0, liars - i) / Math.max(1, neighbours - i)
  return all
}

/**
 * The most that a false output's chance of VALID can be: at no more than `tolerated` of the positions drawn may it differ and not
 * be covered up. `disagreement`: the share of its tokens that are not F's. @throws RasticError BAD_PARAMETER
 */
export function falseValid(
  neighbourhood: Neighbourhood,
  output: { readonly disagreement: number; readonly positions: number; readonly tolerated: number },
): number {
  const { disagreement, positions, tolerated } = output
  requireShare('the disagreement', disagreement)
  requireCount('the number of positions', positions)
  return binomialLowerTail(positions, disagreement * (1 - falseAgreement(neighbourhood)), tolerated)
}

/** Whether liars can have an honest output called INVALID: all are asked before that, so they must be two thirds of all. */
export function canForceInvalid({ neighbours, liars }: Neighbourhood): boolean {
  return isMajority(liars, neighbours - liars)
}

/**
 * The mean of something over the number of liars, where each neighbour is one with probability `share`: what a client can expect
 * that does not know its neighbours. @throws RasticError BAD_PARAMETER
 */
export function overLiars(neighbours: number, share: number, of: (neighbourhood: Neighbourhood) => number): number {
  requireShare('the share of liars', share)
  let mean = 0
  for (let liars = 0; liars <= neighbours; liars++) {
    const probability = binomialUpperTail(neighbours, share, liars) - binomialUpperTail(neighbours, share, liars + 1)
    mean += Math.max(0, probability) * of({ neighbours, liars })
  }
  return mean
}
