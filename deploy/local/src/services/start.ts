import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { LaunchError } from '../launch-error.ts'
import type { Guard } from '../process/guard.ts'
import { identify, type ProcessId } from '../process/process-id.ts'
import type { ProcessRecord } from '../process/record.ts'
import { stopProcess } from '../process/stop.ts'
import { endReason } from './end-reason.ts'

const MAX_LINE = 4_000
/** A failure with its stacks and causes fits. */
const KEPT_LINES = 120

export interface ServiceSpec {
  name: string
  /** Path of its main.ts. */
  script: string
  /** Beside PATH and the like. */
  env: Readonly<Record<string, string>>
}

export interface ServiceProcess {
  readonly name: string
  readonly process: ProcessId
  /** Resolves, never rejects, when it ended: "exit code 1" or "SIGKILL". */
  readonly ended: Promise<string>
  /** Why it ended or what it complained of last, by the lines it wrote; one line. */
  reason: () => string
  stop: (graceMs: number) => Promise<void>
}

interface StartOptions {
  /** Every line a service writes. */
  onLine: (name: string, line: string) => void
  guard: Guard
  record: ProcessRecord
}

/** Starts a service in a process group of its own, so that a Ctrl-C reaches only the launcher, which stops in order. */
export function startService(
  { name, script, env }: ServiceSpec,
  { onLine, guard, record }: StartOptions,
): ServiceProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited(), ...env, PARENT_WATCH: String(process.pid) },
  })
  const id = child.pid === undefined ? undefined : identify(child.pid)
  if (!id) throw new LaunchError('SERVICE_FAILED', `${name} could not be started`)
  guard.register(id, 'service')
  record.add(id, 'service')
  const kept: string[] = []
  const keep = (line: string) => {
    kept.push(line)
    if (kept.length > KEPT_LINES) kept.shift()
    onLine(name, line)
  }
  for (const stream of [child.stdout, child.stderr]) followLines(stream, keep)
  const ended = endOf(child).then((how) => {
    guard.release(id.pid)
    record.remove(id.pid)
    return how
  })
  return {
    name,
    process: id,
    ended,
    reason: () => endReason(kept),
    stop: (graceMs) => stopProcess(id, 'service', graceMs),
  }
}

function followLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => onLine(line.slice(0, MAX_LINE)))
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
}

/** What programs need to run at all; the launcher's own settings are passed on by name only. */
function inherited(): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES', 'LOG_LEVEL']) {
    const value = process.env[name]
    if (value !== undefined && value !== '') kept[name] = value
  }
  return kept
}
