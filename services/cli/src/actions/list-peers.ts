import { encodeAddress } from '@camelid/codec'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { printJson, printTable } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid peer list` */
export async function listPeers({ gateway, json }: { gateway: string; json?: true }): Promise<void> {
  const { peers } = await withService({ name: 'gateway', definition: GatewayService, address: gateway }, (client) =>
    client.listPeers({}),
  )
  const views = peers.map((peer) => ({
    address: encodeAddress(peer.h2),
    remote: `${peer.host}:${peer.port}`,
    inbound: peer.inbound,
    height: peer.height,
    bytesSent: peer.bytesSent,
    bytesReceived: peer.bytesReceived,
    connectedMs: peer.connectedMs,
    score: peer.score,
  }))
  if (json) {
    printJson(views)
    return
  }
  const rows = views.map((peer) => [
    peer.address,
    peer.remote,
    peer.inbound ? 'in' : 'out',
    String(peer.height),
    `${peer.bytesSent}/${peer.bytesReceived}`,
    String(peer.score),
  ])
  printTable(['node', 'remote', 'way', 'height', 'bytes sent/received', 'score'], rows, 'no peers are connected')
}
