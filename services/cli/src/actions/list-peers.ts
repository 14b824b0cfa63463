import { encodeAddress } from '@camelid/codec'
import { GatewayService, type Reach } from '@camelid/proto/gateway/v1/gateway_pb'
import { printJson, printLine, printTable } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid peer list` */
export async function listPeers({ gateway, json }: { gateway: string; json?: true }): Promise<void> {
  const { peers, reach } = await withService(
    { name: 'gateway', definition: GatewayService, address: gateway },
    (client) => client.listPeers({}),
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
    printJson({ reach: reach && { ...reachView(reach), reachedMs: reach.reachedMs }, peers: views })
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
  printTable(
    ['node', 'remote', 'way', 'height at hello', 'bytes sent/received', 'score'],
    rows,
    'no peers are connected',
  )
  if (reach !== undefined) printLine(describe(reachView(reach)))
}

type ReachView = { host: string | undefined; port: number; reachable: boolean }

function reachView({ host, port, reachable }: Reach): ReachView {
  return { host: host === '' ? undefined : host, port, reachable }
}

/** What an operator has to know to mend it. */
function describe({ host, port, reachable }: ReachView): string {
  const seen =
    host === undefined ? 'peers do not agree yet on where they see this node' : `peers see this node at ${host}`
  const reached = reachable
    ? `it is reached from outside on port ${port}`
    : `nobody reached it from outside yet: let port ${port} through to it`
  return `${seen}; ${reached}`
}
