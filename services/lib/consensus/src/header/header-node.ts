import { type BlockHeader, headerHash } from '@camelid/codec'
import type { NetworkParams } from '../params/network-params.ts'
import { anchorOf, genesisAnchor } from '../pow/anchor.ts'
import type { Anchor } from '../pow/asert.ts'
import { workOf } from '../pow/work.ts'

/** A header with its place in the tree of headers. */
export interface HeaderNode {
  readonly hash: Uint8Array
  readonly height: number
  readonly header: BlockHeader
  /** Work of the whole chain up to and with this header. */
  readonly work: bigint
  /** What the difficulty of this header's children is reckoned from. */
  readonly anchor: Anchor
}

export function genesisNode(params: NetworkParams): HeaderNode {
  const { header } = params.genesis
  return { hash: params.genesisHash, height: 0, header, work: workOf(header.bits), anchor: genesisAnchor(params) }
}

/** The node of `header` on top of `parent`. Judges nothing: check the header first. `hash` spares a second hashing where it is known. */
export function childNode(
  parent: HeaderNode,
  header: BlockHeader,
  params: NetworkParams,
  hash: Uint8Array = headerHash(header),
): HeaderNode {
  const height = parent.height + 1
  return {
    hash,
    height,
    header,
    work: parent.work + workOf(header.bits),
    anchor: anchorOf(params, { height, time: header.time, bits: header.bits }, parent.header, parent.anchor),
  }
}
