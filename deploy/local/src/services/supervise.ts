import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from '../launch-error.ts'
import type { ServiceProcess } from './start.ts'
import type { LocalService, ServiceName } from './table.ts'

const RESTART_PAUSE_MS = 500
const MAX_RESTARTS = 5
const WINDOW_MS = 60_000
const SERVICE_GRACE_MS = 12_000

export interface Supervisor {
  current: (name: ServiceName) => ServiceProcess
  /** Rejects when a service keeps ending. */
  readonly failed: Promise<never>
  stop: () => Promise<void>
}

interface SuperviseOptions {
  services: readonly LocalService[]
  start: (service: LocalService) => ServiceProcess
  /** Ended services are started again only from here on; before, their end is the launcher's failure. */
  signal: AbortSignal
  say: (line: string) => void
}

/** Starts all services at once and, after `steady`, starts again what ends by itself, a limited number of times. */
export function supervise({ services, start, signal, say }: SuperviseOptions): Supervisor & { steady(): void } {
  const running = new Map<ServiceName, ServiceProcess>()
  const { promise: failed, reject } = Promise.withResolvers<never>()
  // Whoever waits for it sees the rejection; nobody has to.
  failed.catch(() => undefined)
  let stopping = false
  let steady = false
  const restarts: number[] = []
  const launch = (service: LocalService): void => {
    const process = start(service)
    running.set(service.name, process)
    void process.ended.then((how) => onEnd(service, process, how))
  }
  const onEnd = async (service: LocalService, process: ServiceProcess, how: string): Promise<void> => {
    if (stopping || !steady || running.get(service.name) !== process) return
    const now = performance.now()
    while (restarts[0] !== undefined && restarts[0] < now - WINDOW_MS) restarts.shift()
    if (restarts.push(now) > MAX_RESTARTS)
      return reject(
        new LaunchError(
          'SERVICE_FAILED',
          `${service.name} keeps ending (${how}): ${process.lastLines().slice(-3).join('\n')}`,
        ),
      )
    say(`${service.name} ended (${how}); starting it again`)
    await wait(RESTART_PAUSE_MS)
    if (!stopping && !signal.aborted) launch(service)
  }
  for (const service of services) launch(service)
  return {
    current: (name) => {
      const process = running.get(name)
      if (!process) throw new LaunchError('SERVICE_FAILED', `${name} does not run`)
      return process
    },
    failed,
    steady: () => {
      steady = true
    },
    stop: async () => {
      stopping = true
      // The client first: it talks to the farm; then everything that only uses chain and job-pool; these last.
      for (const group of stopGroups([...running.values()]))
        await Promise.all(group.map((one) => one.stop(SERVICE_GRACE_MS)))
    },
  }
}

function stopGroups(all: ServiceProcess[]): ServiceProcess[][] {
  const late = new Set(['chain', 'job-pool', 'gateway'])
  return [all.filter(({ name }) => !late.has(name)), all.filter(({ name }) => late.has(name))]
}
