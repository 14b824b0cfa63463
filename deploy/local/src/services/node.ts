import { MODELS_DIR } from '../checkout.ts'
import { computes, type NodePlan, type WorkerName } from '../plan.ts'
import type { NodePorts, Ports } from '../ports/table.ts'
import type { NodeKeys } from '../state/keys.ts'
import { modelMemoryMb } from './model-memory.ts'
import { type NodeRole, nameOf } from './names.ts'
import { type Common, HOST, type LocalService, localService } from './service.ts'

const MODEL = 'camelid-tiny-F16'

interface NodeOptions {
  plan: NodePlan
  ports: Ports
  own: NodePorts
  keys: NodeKeys
  databaseUrl: string
  /** Peers that it knows from the start, as host:port. */
  seeds: readonly string[]
  p2pHost: string
  common: Common
}

/** The services of one full node. */
export function nodeServices(options: NodeOptions): LocalService[] {
  const { plan, ports, own, keys, databaseUrl, seeds, p2pHost, common } = options
  const grpc = {
    GATEWAY_URL: `${HOST}:${own.gatewayGrpc}`,
    CHAIN_URL: `${HOST}:${own.chainGrpc}`,
    JOB_POOL_URL: `${HOST}:${own.jobPoolGrpc}`,
  }
  const NATS_URL = `nats://${HOST}:${ports.nats}`
  const servers = { DATABASE_URL: databaseUrl, NATS_URL }
  const nodeKey = { NODE_KEYSTORE: keys.nodeKeystore, NODE_PASSWORD_FILE: keys.nodePasswordFile }
  const engine = { MODELS_DIR, MODELS: MODEL, THREADS: '1', MODEL_MEMORY_MB: `${modelMemoryMb()}`, NATS_URL }
  const nodeName = plan.name
  const serving = (port: number) => ({ GRPC_HOST: HOST, GRPC_PORT: String(port) })
  const service = (role: NodeRole, httpPort: number, env: Record<string, string>): LocalService =>
    localService({ name: nameOf(role, plan.number), role, folder: role, nodeName, httpPort, env }, common)
  const worker = (name: WorkerName): LocalService => {
    const httpPort = name === 'worker-1' ? ports.worker1Http : ports.worker2Http
    const env = { ...engine, SEQUENCES: '4', WORKER_ID: name }
    return localService({ name, role: name, folder: 'inference-worker', nodeName, httpPort, env }, common)
  }
  const miner = (): LocalService => {
    const env = { ...grpc, PAYOUT_ADDRESS: keys.miningAddress, MINER_THREADS: '1', MINER_DUTY: '0.1' }
    const httpPort = ports.minerHttp
    return localService({ name: 'miner', role: 'miner', folder: 'miner', nodeName, httpPort, env }, common)
  }
  return [
    service('chain', own.chainHttp, { ...servers, ...serving(own.chainGrpc) }),
    service('gateway', own.gatewayHttp, {
      ...servers,
      ...grpc,
      ...nodeKey,
      ...serving(own.gatewayGrpc),
      P2P_HOST: p2pHost,
      P2P_PORT: String(own.p2p),
      SEEDS: seeds.join(','),
    }),
    service('job-pool', own.jobPoolHttp, {
      ...servers,
      ...grpc,
      ...nodeKey,
      ...serving(own.jobPoolGrpc),
      MODELS_DIR,
    }),
    ...(plan.mines ? [miner()] : []),
    ...plan.workers.map(worker),
    ...(computes(plan)
      ? [service('verifier', own.verifierHttp, { ...engine, VERIFIER_ID: `verifier-${plan.number}` })]
      : []),
  ]
}
