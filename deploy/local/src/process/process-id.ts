import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  pid: number
  /** When it started, in the system's own notation; '' if the system does not tell. */
  started: string
}

/** Undefined when no such process runs. */
export function identify(pid: number): ProcessId | undefined {
  const started = startOf(pid)
  return started === undefined ? undefined : { pid, started }
}

export function isRunning({ pid, started }: ProcessId): boolean {
  const now = startOf(pid)
  return now !== undefined && (started === '' || now === started)
}

export function sameProcess(one: ProcessId, other: ProcessId): boolean {
  return one.pid === other.pid && one.started === other.started
}

/** False when the process is not there (any more). */
export function signalProcess(process_: ProcessId, signal: NodeJS.Signals): boolean {
  if (!isRunning(process_)) return false
  try {
    return process.kill(process_.pid, signal)
  } catch {
    return false
  }
}

/** True once it is gone, false when it still runs after `ms` milliseconds. */
export async function waitForEnd(process_: ProcessId, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await wait(20))
    if (!isRunning(process_)) return true
  return !isRunning(process_)
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStartOf(pid)
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/PID/stat, clock ticks since boot; a zombie has ended. The name before it may contain spaces. */
function linuxStartOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
