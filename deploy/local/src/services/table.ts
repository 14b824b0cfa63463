import { MODELS_DIR } from '../checkout.ts'
import { computes, type NodePlan } from '../plan.ts'
import type { NodePorts, Ports } from '../ports/table.ts'
import type { NodeKeys } from '../state/keys.ts'
import { modelMemoryMb } from './model-memory.ts'
import { nodeServices } from './node.ts'
import type { Outside } from './outside.ts'
import { type Common, HOST, type LocalService, localService } from './service.ts'

/** One full node: a list of services with a name, and where it is found, as host:port. */
export interface LocalNode {
  readonly name: string
  readonly services: readonly LocalService[]
  readonly peerUrl: string
  readonly chainUrl: string
  readonly jobPoolUrl: string
  readonly gatewayUrl: string
  readonly database: string
  readonly computes: boolean
}

/** A node of the plan with what was made for it. */
export interface PreparedNode {
  readonly plan: NodePlan
  readonly own: NodePorts
  readonly keys: NodeKeys
  readonly databaseUrl: string
}

interface TableOptions {
  nodes: readonly PreparedNode[]
  ports: Ports
  clientDir: string
  clientPasswordFile: string
  outside: Outside
  common: Common
}

/** The nodes and the client of a local testnet, every service with its whole environment. */
export function localServices(options: TableOptions): { nodes: LocalNode[]; client: LocalService } {
  const { nodes, ports, clientDir, clientPasswordFile, outside, common } = options
  const { p2pHost } = outside
  const seeds = nodes.slice(0, 1).map(peerAddress)
  const peers = outside.clientPeers.length > 0 ? outside.clientPeers : clientPeers(nodes).map(peerAddress)
  return {
    nodes: nodes.map((node) => ({
      name: node.plan.name,
      services: nodeServices({
        ...node,
        ports,
        seeds: node.plan.number === 1 ? outside.seeds : seeds,
        p2pHost,
        common,
      }),
      peerUrl: peerAddress(node),
      chainUrl: `${HOST}:${node.own.chainGrpc}`,
      jobPoolUrl: `${HOST}:${node.own.jobPoolGrpc}`,
      gatewayUrl: `${HOST}:${node.own.gatewayGrpc}`,
      database: node.plan.database,
      computes: computes(node.plan),
    })),
    client: localService(
      {
        name: 'client',
        role: 'client',
        folder: 'client',
        nodeName: 'client',
        httpPort: ports.clientHttp,
        env: {
          DATA_DIR: clientDir,
          PASSWORD_FILE: clientPasswordFile,
          PEERS: peers.join(','),
          // One of them may be away.
          MIN_PEERS: String(Math.max(1, peers.length - 1)),
          MODELS_DIR,
          MODEL_MEMORY_MB: `${modelMemoryMb()}`,
        },
      },
      common,
    ),
  }
}

/** The client knows the nodes that do not compute, where there are any: its jobs and their outputs travel. */
function clientPeers(nodes: readonly PreparedNode[]): readonly PreparedNode[] {
  const others = nodes.filter(({ plan }) => !computes(plan))
  return others.length > 0 ? others : nodes
}

function peerAddress({ own }: PreparedNode): string {
  return `${HOST}:${own.p2p}`
}
