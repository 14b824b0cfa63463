import type { Peer } from '../peers/peer.ts'
import type { Source } from './source.ts'

/** Where a block that is wanted stands: on its way or not, here and waiting for its parent, or before the chain. */
export type BlockStage = 'missing' | 'held' | 'judging'

/** A block that the chain wants. */
export interface WantedBlock {
  readonly key: string
  readonly hash: Uint8Array
  /** On the way to the best header; undefined for one of another branch. */
  height: number | undefined
  /** Peers that told its header. */
  readonly sources: Set<Peer>
  /** Peers that did not send it in time. */
  readonly tried: Set<Peer>
  /** Who is asked for it now. */
  from: Source | undefined
  stage: BlockStage
  /** When it was wanted, or asked for last, milliseconds. */
  atMs: number
}

/** What the chain lacks on the way to its best header, as it told. */
export interface WantedPath {
  /** The lowest first. */
  readonly wanted: readonly Uint8Array[]
  readonly wantedHeights: readonly number[]
  readonly pathEpoch: number
}
