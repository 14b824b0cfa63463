import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ListPeersResponseSchema } from '@camelid/proto/gateway/v1/gateway_pb'
import type { GatewayParts } from '../parts.ts'

/** The connected peers, with their figures, and how this node itself is reached. */
export async function listPeers(parts: GatewayParts): Promise<MessageInitShape<typeof ListPeersResponseSchema>> {
  const { host = '', port, reachable, reachedMs } = parts.reachability.reach
  return {
    reach: { host, port, reachable, reachedMs: BigInt(reachedMs) },
    nodeKey: parts.identity.publicKey,
    peers: parts.peers.list().map((peer) => {
      const { connection } = peer
      const { bytesSent, bytesReceived, connectedMs } = connection.stats
      return {
        h2: connection.peerH2,
        host: connection.remote.host,
        port: connection.inbound ? connection.hello.listenPort : connection.remote.port,
        inbound: connection.inbound,
        height: connection.hello.height,
        bytesSent: BigInt(bytesSent),
        bytesReceived: BigInt(bytesReceived),
        connectedMs: BigInt(connectedMs),
        score: parts.bans.scoreOf(peer.h2Hex),
        services: connection.hello.services,
      }
    }),
  }
}
