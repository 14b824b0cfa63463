import type { NetworkParams } from '../params/network-params.ts'
import type { Anchor } from './asert.ts'

/** Half-lives between a block and its parent beyond which the network counts as having slept (protocol §1). */
const SLEEP_HALF_LIVES = 10

/** The anchor of the block after genesis: genesis itself, as if its parent had come one spacing before it. */
export function genesisAnchor(params: NetworkParams): Anchor {
  const { time, bits } = params.genesis.header
  return { height: 0, parentTime: time - params.spacing, bits }
}

/**
 * The anchor that the children of `block` reckon from (protocol §1): block 1, and on networks that re-anchor any block more than
 * 10 half-lives after its parent, becomes the anchor itself, with its own time − spacing for its parent's; else its parent's holds on.
 */
export function anchorOf(
  params: NetworkParams,
  block: { readonly height: number; readonly time: number; readonly bits: number },
  parent: { readonly time: number },
  parentAnchor: Anchor,
): Anchor {
  const slept = params.reanchorsAfterSleep && block.time - parent.time > SLEEP_HALF_LIVES * params.asertHalfLife
  if (block.height !== 1 && !slept) return parentAnchor
  return { height: block.height, parentTime: block.time - params.spacing, bits: block.bits }
}
