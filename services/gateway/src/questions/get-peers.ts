import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { MessageType, PeerStatus, PeersSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { OFFERED } from '../offered.ts'
import type { GatewayParts } from '../parts.ts'
import { isTellable } from '../peers/address-rules.ts'
import type { Peer } from '../peers/peer.ts'
import { reply } from './reply.ts'

const MAX_TOLD = 99

/**
 * Addresses where a handshake proved a key to us, any of them with the same likelihood: nobody can read the book by asking. And our own,
 * once we know that we are reached there.
 */
export async function answerGetPeers(parts: GatewayParts, peer: Peer, _frame: Frame): Promise<void> {
  const { params, clock, book, peers } = parts
  const nowMs = clock.nowMs()
  const told = (await book.toTell(MAX_TOLD))
    .filter((address) => isTellable(address, params.name))
    .map(({ host, port, h2 = new Uint8Array(0), services, lastSeenMs }) => {
      const connected = peers.get(h2) !== undefined
      const lastSeen = BigInt(Math.floor((connected ? nowMs : lastSeenMs) / 1_000))
      return { host, port, services, lastSeen, h2, status: connected ? PeerStatus.CONNECTED : PeerStatus.REACHED }
    })
  const own = ownAddress(parts)
  if (own !== undefined) told.push(own)
  await reply(peer, { type: MessageType.PEERS, payload: toBinary(PeersSchema, create(PeersSchema, { peers: told })) })
}

function ownAddress({ reachability, identity, clock }: GatewayParts) {
  const { advertised } = reachability
  if (advertised === undefined) return undefined
  const lastSeen = BigInt(Math.floor(clock.nowMs() / 1_000))
  return {
    ...advertised,
    services: OFFERED,
    lastSeen,
    h2: identity.h2,
    status: PeerStatus.REACHED,
  }
}
