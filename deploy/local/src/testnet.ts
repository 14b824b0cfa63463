import { join } from 'node:path'
import type { LaunchError } from './launch-error.ts'
import { requireNats } from './nats/find.ts'
import { requireNode } from './node-version.ts'
import { type Plan, readPlan } from './plan.ts'
import { checkPorts } from './ports/check.ts'
import { type Ports, readPorts } from './ports/table.ts'
import { serverUser } from './postgres/server-user.ts'
import { prepareNodes } from './prepare-nodes.ts'
import { startGuard } from './process/guard.ts'
import { openRecord, stopLeftovers } from './process/record.ts'
import type { Overrides, ServiceName } from './services/names.ts'
import { readOutside } from './services/outside.ts'
import { HOST } from './services/service.ts'
import { type ServiceProcess, startService } from './services/start.ts'
import { supervise } from './services/supervise.ts'
import { type LocalNode, localServices } from './services/table.ts'
import { waitReady } from './services/wait-ready.ts'
import { openState, type State, stateHome } from './state/home.ts'
import { ensurePasswordFile } from './state/keys.ts'
import { lockState } from './state/lock.ts'
import { openLogFiles } from './state/log-files.ts'

const READY_TIMEOUT_MS = 120_000

interface LaunchOptions {
  /** NODES, P2P_HOST, SEEDS, PEERS, CAMELID_HOME, PORT_OFFSET, the ports of ports/table.ts, NATS_SERVER, LOG_LEVEL, NODE_COMPILE_CACHE. */
  env: NodeJS.ProcessEnv
  /** One line a person should see. */
  say: (line: string) => void
  /** The state directory is this launcher's from now on. */
  onOpen?(state: State): void
  /** Every line the services write; they also go to files under logs/. */
  onLogLine?(service: string, line: string): void
  overrides?: Overrides
  /** Aborting while it starts gives up; once it runs, `stop` stops it. */
  signal: AbortSignal
}

export interface Testnet {
  state: State
  ports: Ports
  nodes: readonly LocalNode[]
  clientUrl: string
  service: (name: ServiceName) => ServiceProcess
  /** Aborts, with a LaunchError as its reason, when a service or server keeps ending. */
  failed: AbortSignal
  /** Services first, then NATS and PostgreSQL. */
  stop: () => Promise<void>
}

/**
 * Starts PostgreSQL, NATS, the services of the nodes and the client, and resolves when every one of them is ready.
 * Whatever goes wrong, all that was started is stopped before the LaunchError reaches the caller.
 */
export async function launchTestnet(options: LaunchOptions): Promise<Testnet> {
  requireNode()
  const { env, say, signal } = options
  const plan = readPlan(env)
  const { ports, wanted } = readPorts(env, plan)
  const user = serverUser()
  const state = openState(stateHome(env), user)
  await using cleanup = new AsyncDisposableStack()
  cleanup.use(lockState(state.home))
  options.onOpen?.(state)
  const left = await stopLeftovers(state.home)
  if (left > 0) say(`stopped ${left} processes that an earlier run left behind`)
  await checkPorts(wanted)
  const binary = await requireNats(say, env)
  const testnet = await startAll({ options, binary, plan, ports, state, user, stack: cleanup })
  signal.throwIfAborted()
  // From here on it is the caller who ends it.
  const stack = cleanup.move()
  return { ...testnet, stop: () => stack.disposeAsync() }
}

interface StartAll {
  options: LaunchOptions
  /** Path of nats-server. */
  binary: string
  plan: Plan
  ports: Ports
  state: State
  user: ReturnType<typeof serverUser>
  stack: AsyncDisposableStack
}

async function startAll(context: StartAll): Promise<Omit<Testnet, 'stop'>> {
  const { options, ports, state, stack } = context
  const { say, signal, overrides = {} } = options
  const guard = startGuard()
  const record = openRecord(state.home)
  const failing = new AbortController()
  const fail = (error: LaunchError) => failing.abort(error)
  const either = AbortSignal.any([signal, failing.signal])
  const keepers = { guard, record, stack, say, fail }
  const prepared = await prepareNodes({ ...context, keepers })
  signal.throwIfAborted()
  const { nodes, client } = localServices({
    nodes: prepared,
    ports,
    clientDir: state.client,
    clientPasswordFile: ensurePasswordFile(join(state.client, 'password')).path,
    outside: readOutside(options.env),
    common: {
      compileCache: options.env.NODE_COMPILE_CACHE || state.compileCache,
      overrides,
      lean: prepared.length > 1,
    },
  })
  const services = [...nodes.flatMap((node) => node.services), client]
  const logs = openLogFiles(state.logs)
  stack.defer(logs.close)
  const onLine = (name: string, line: string) => {
    logs.write(name, line)
    options.onLogLine?.(name, line)
  }
  const supervisor = supervise({
    services,
    start: (service) => startService(service, { onLine, guard, record }),
    signal,
    say,
    fail,
  })
  stack.defer(supervisor.stop)
  await Promise.all(
    services.map(({ name, httpPort }) => waitReady({ name, httpPort, timeoutMs: READY_TIMEOUT_MS, signal: either })),
  )
  supervisor.steady()
  return {
    state,
    ports,
    nodes,
    clientUrl: `http://${HOST}:${ports.clientHttp}`,
    service: supervisor.current,
    failed: failing.signal,
  }
}
