import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from '../launch-error.ts'
import { restartLimit } from '../process/restart-limit.ts'
import type { Role, ServiceName } from './names.ts'
import type { LocalService } from './service.ts'
import type { ServiceProcess } from './start.ts'

const RESTART_PAUSE_MS = 500
const SERVICE_GRACE_MS = 12_000
/** While services start they have nothing to finish, and one that loads a model does not listen. */
const STARTING_GRACE_MS = 1_000

export interface Supervisor {
  current: (name: ServiceName) => ServiceProcess
  /** From here on a service that ends is started again; before, its end is the launcher's failure. */
  steady: () => void
  stop: () => Promise<void>
}

interface SuperviseOptions {
  services: readonly LocalService[]
  start: (service: LocalService) => ServiceProcess
  signal: AbortSignal
  say: (line: string) => void
  /** A service does not start or keeps ending: the testnet cannot go on. */
  fail: (error: LaunchError) => void
}

/** Starts all services at once and, after `steady`, starts again what ends by itself, a limited number of times. */
export function supervise({ services, start, signal, say, fail }: SuperviseOptions): Supervisor {
  const running = new Map<ServiceName, { role: Role; process: ServiceProcess }>()
  let stopping = false
  let steady = false
  const follow = async (service: LocalService): Promise<void> => {
    const mayRestart = restartLimit()
    for (;;) {
      const process = start(service)
      running.set(service.name, { role: service.role, process })
      const how = await process.ended
      if (stopping) return
      if (!steady)
        return fail(new LaunchError('SERVICE_FAILED', `${service.name} does not start (${how}): ${process.reason()}`))
      if (!mayRestart())
        return fail(new LaunchError('SERVICE_FAILED', `${service.name} keeps ending (${how}): ${process.reason()}`))
      say(`${service.name} ended (${how}); starting it again`)
      await wait(RESTART_PAUSE_MS)
      if (stopping || signal.aborted) return
    }
  }
  for (const service of services)
    follow(service).catch((cause: unknown) =>
      fail(new LaunchError('SERVICE_FAILED', `${service.name} cannot be started: ${String(cause)}`, { cause })),
    )
  return {
    current: (name) => {
      const found = running.get(name)
      if (!found) throw new LaunchError('SERVICE_FAILED', `${name} does not run`)
      return found.process
    },
    steady: () => {
      steady = true
    },
    stop: async () => {
      stopping = true
      // First what talks to the nodes and what only uses chain and job-pool; then these.
      for (const group of stopGroups([...running.values()]))
        await Promise.all(group.map(({ process }) => process.stop(steady ? SERVICE_GRACE_MS : STARTING_GRACE_MS)))
    },
  }
}

function stopGroups<T extends { role: Role }>(all: readonly T[]): T[][] {
  const late = new Set<Role>(['chain', 'job-pool', 'gateway'])
  return [all.filter(({ role }) => !late.has(role)), all.filter(({ role }) => late.has(role))]
}
