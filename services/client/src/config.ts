import { type NetworkParams, networkParams, withContestWindow } from '@camelid/consensus'
import {
  baseEnv,
  ConfigError,
  flagField,
  hostPortField,
  intField,
  listField,
  parseEnv,
  portField,
} from '@camelid/runtime'
import { z } from 'zod'

const schema = z.object({
  ...baseEnv,
  HTTP_PORT: portField().default(7360).describe('port of the API, /healthz, /readyz and /metrics'),
  DATA_DIR: z.string().min(1).describe('directory of the wallet and the SQLite file, e.g. .camelid/client'),
  PASSWORD_FILE: z.string().min(1).describe('file (mode 0600) with the password that seals the wallet keys'),
  PEERS: listField(hostPortField(), 32)
    .refine((peers) => peers.length > 0, 'must name at least one node')
    .describe('comma-separated nodes, e.g. 127.0.0.1:7331'),
  MIN_PEERS: intField(1, 32)
    .optional()
    .describe('nodes that must agree that an output is unspent; default 1 on local, 3 elsewhere'),
  MODELS_DIR: z
    .string()
    .optional()
    .describe('directory with models.json and the model files; without it nothing is checked'),
  CLIENT_HOST: z.string().max(255).default('').describe('written into jobs: where nodes may reach this client'),
  CLIENT_PORT: portField().default(0).describe('written into jobs: port to CLIENT_HOST; 0 for none'),
  CONTEST_WINDOW_S: intField(1, 86_400).optional().describe('contest window in seconds; only on NETWORK=local'),
  ENGINE_THREADS: intField(1, 256).default(1).describe('threads that check outputs'),
  MODEL_MEMORY_MB: intField(1, 2 ** 24)
    .optional()
    .describe(
      'MiB that models and their contexts may take together; all of the machine or container where it is not set',
    ),
  OUTSOURCE_CHECKS: flagField()
    .default(true)
    .describe('on: outputs of models that are not here are checked by connected nodes, which then see the output'),
  CHECK_TIMEOUT_MS: intField(100, 600_000)
    .default(13_000)
    .describe('milliseconds that a node may take for one question about an output'),
  TIMELOCK_SLACK_S: intField(1, 86_400)
    .default(1)
    .describe('seconds added to the earliest timelock of a job: time for slow nodes, settled later by as much'),
  MAX_LIVE_JOBS: intField(1, 10_000).default(64).describe('jobs under way at a time'),
  ALLOW_REMOTE_HTTP: z
    .stringbool()
    .default(false)
    .describe('yes: let HTTP_HOST be other than loopback. Whoever reaches the API can spend the wallet'),
})

export type ClientConfig = Readonly<z.output<typeof schema>> & {
  readonly params: NetworkParams
  readonly minPeers: number
}

/** Environment → configuration, every mistake named with its fix. Throws ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv): ClientConfig {
  const config = parseEnv(schema, env)
  const problems: string[] = []
  const minPeers = config.MIN_PEERS ?? (config.NETWORK === 'local' ? 1 : 3)
  if (new Set(config.PEERS).size < minPeers) {
    problems.push(
      `PEERS: names ${new Set(config.PEERS).size} nodes, but MIN_PEERS=${minPeers} must agree on what is unspent; name more nodes`,
    )
  }
  if (config.CONTEST_WINDOW_S !== undefined && config.NETWORK !== 'local') {
    problems.push(`CONTEST_WINDOW_S: only NETWORK=local may change the contest window; unset it on ${config.NETWORK}`)
  }
  if (!isLoopback(config.HTTP_HOST) && !config.ALLOW_REMOTE_HTTP) {
    problems.push(
      `HTTP_HOST: ${config.HTTP_HOST} is not loopback, and whoever reaches the API can spend the wallet; use 127.0.0.1, or set ALLOW_REMOTE_HTTP=yes behind a firewall`,
    )
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const named = networkParams(config.NETWORK)
  const params = config.CONTEST_WINDOW_S === undefined ? named : withContestWindow(named, config.CONTEST_WINDOW_S)
  return Object.freeze({ ...config, params, minPeers })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
