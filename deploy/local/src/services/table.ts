import { join } from 'node:path'
import { MODELS_DIR, SERVICES_DIR } from '../checkout.ts'
import type { Ports } from '../ports/table.ts'
import type { NodeKeys } from '../state/keys.ts'
import type { ServiceSpec } from './start.ts'

const MODEL = 'camelid-tiny-F16'
const HOST = '127.0.0.1'

export type ServiceName = 'gateway' | 'chain' | 'job-pool' | 'miner' | 'worker-1' | 'worker-2' | 'verifier' | 'client'

export interface LocalService extends ServiceSpec {
  name: ServiceName
  httpPort: number
}

interface TableOptions {
  ports: Ports
  keys: NodeKeys
  databaseUrl: string
  clientDir: string
  clientPasswordFile: string
  compileCache: string
  /** More or other variables for one service, e.g. CHEAT for a worker. */
  overrides: Partial<Record<ServiceName, Readonly<Record<string, string>>>>
}

/** The farm and the client of a local testnet, each with its whole environment. */
export function localServices(options: TableOptions): LocalService[] {
  const { ports, keys, databaseUrl, overrides, compileCache } = options
  const common = {
    NETWORK: 'local',
    NODE_NAME: 'farm',
    HTTP_HOST: HOST,
    LOG_FORMAT: 'pretty',
    NODE_COMPILE_CACHE: compileCache,
  }
  const grpc = {
    GATEWAY_URL: `${HOST}:${ports.gatewayGrpc}`,
    CHAIN_URL: `${HOST}:${ports.chainGrpc}`,
    JOB_POOL_URL: `${HOST}:${ports.jobPoolGrpc}`,
  }
  const servers = { DATABASE_URL: databaseUrl, NATS_URL: `nats://${HOST}:${ports.nats}` }
  const { NATS_URL } = servers
  const nodeKey = { NODE_KEYSTORE: keys.nodeKeystore, NODE_PASSWORD_FILE: keys.nodePasswordFile }
  const engine = { MODELS_DIR, MODELS: MODEL, THREADS: '1', NATS_URL }
  const service = (name: ServiceName, folder: string, httpPort: number, env: Record<string, string>): LocalService => ({
    name,
    script: join(SERVICES_DIR, folder, 'src/main.ts'),
    httpPort,
    env: { ...common, HTTP_PORT: String(httpPort), ...env, ...overrides[name] },
  })
  const worker = (name: 'worker-1' | 'worker-2', httpPort: number) =>
    service(name, 'inference-worker', httpPort, { ...engine, SEQUENCES: '4', WORKER_ID: name })
  return [
    service('chain', 'chain', ports.chainHttp, { ...servers, GRPC_HOST: HOST, GRPC_PORT: String(ports.chainGrpc) }),
    service('gateway', 'gateway', ports.gatewayHttp, {
      ...servers,
      ...grpc,
      ...nodeKey,
      P2P_HOST: HOST,
      P2P_PORT: String(ports.p2p),
      GRPC_HOST: HOST,
      GRPC_PORT: String(ports.gatewayGrpc),
      SEEDS: '',
    }),
    service('job-pool', 'job-pool', ports.jobPoolHttp, {
      ...servers,
      ...grpc,
      ...nodeKey,
      GRPC_HOST: HOST,
      GRPC_PORT: String(ports.jobPoolGrpc),
      MODELS_DIR,
    }),
    service('miner', 'miner', ports.minerHttp, {
      ...grpc,
      PAYOUT_ADDRESS: keys.miningAddress,
      MINER_THREADS: '1',
      MINER_DUTY: '0.1',
    }),
    worker('worker-1', ports.worker1Http),
    worker('worker-2', ports.worker2Http),
    service('verifier', 'verifier', ports.verifierHttp, { ...engine, VERIFIER_ID: 'verifier-1' }),
    service('client', 'client', ports.clientHttp, {
      NODE_NAME: 'client',
      DATA_DIR: options.clientDir,
      PASSWORD_FILE: options.clientPasswordFile,
      PEERS: `${HOST}:${ports.p2p}`,
      MODELS_DIR,
    }),
  ]
}
