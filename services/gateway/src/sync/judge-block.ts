import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { dismiss } from '../peers/peer-table.ts'
import type { ComeBlock } from './held-blocks.ts'

/** To send none of the blocks asked for costs a peer little: a slow line is no crime, and half of it is forgotten in ten minutes. */
const STALLED_SCORE = 2

/** Gives a block to the chain, and charges its sender where it is bad. Never rejects. */
export async function judgeBlock(parts: GatewayParts, { peer, hash, raw }: ComeBlock): Promise<void> {
  const judgement = await parts.owners.judgeChain(peer.connection.peerH2, { case: 'block', value: raw })
  parts.blocks.judged(hash)
  parts.metrics.verdict(MessageType.BLOCK, judgement.outcome)
  if (judgement.outcome === 'ok') peer.usefulMs = parts.clock.nowMs()
  if (judgement.outcome === 'reject') parts.charge(peer, judgement.score, `${judgement.code}: ${judgement.detail}`)
  parts.wanted.look()
}

/** A peer owes blocks, and sends none while others do: one that we chose ourselves makes room for another. */
export function replaceStalled(parts: Pick<GatewayParts, 'log' | 'charge'>, peer: Peer): void {
  parts.log.info({ peer: peer.h2Hex, inbound: peer.connection.inbound }, 'a peer does not send the blocks it has')
  parts.charge(peer, STALLED_SCORE, 'STALLED: sent none of the blocks asked for')
  if (!peer.connection.inbound) dismiss(peer, 'STALLED', 'blocks that were asked for did not come')
}
