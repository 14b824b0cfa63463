import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { MessageType, PeersSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import { isTellable } from '../peers/address-rules.ts'
import type { Peer } from '../peers/peer.ts'
import { provenAddresses } from '../store/addresses.ts'
import { reply } from './reply.ts'

const MAX_TOLD = 100

/** Addresses where a handshake proved a key to us, the freshest first. */
export async function answerGetPeers({ sql, params }: GatewayParts, peer: Peer, _frame: Frame): Promise<void> {
  const addresses = await provenAddresses(sql, MAX_TOLD)
  const peers = addresses
    .filter((address) => isTellable(address, params.name))
    .map(({ host, port, h2, services, lastSeenMs }) => ({
      host,
      port,
      services,
      lastSeen: BigInt(Math.floor(lastSeenMs / 1000)),
      h2: h2 ?? new Uint8Array(0),
    }))
  await reply(peer, { type: MessageType.PEERS, payload: toBinary(PeersSchema, create(PeersSchema, { peers })) })
}
