import type { Frame } from '@camelid/p2p'
import { SendCompactSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'

/** A peer wants new blocks announced by compact blocks, or no longer. */
export function takeSendCompact(peer: Peer, frame: Frame): void {
  peer.wantsCompact = readPayload(SendCompactSchema, frame).announce && peer.keepsChain
}
