import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ProcessId } from './process-id.ts'
import { restartLimit } from './restart-limit.ts'
import type { ProcessKind } from './stop.ts'

export interface Guarded {
  process: ProcessId
  kind: ProcessKind
}

export type GuardMessage =
  | ({ type: 'register' } & Guarded)
  | { type: 'release'; pid: number }
  | { type: 'remove-directory'; path: string }

export interface Guard {
  /** To be stopped when this process ends, however it ends. */
  register: (process: ProcessId, kind: ProcessKind) => void
  /** It ended already. */
  release: (pid: number) => void
  /** To be removed, after everything registered was stopped. */
  removeDirectory: (path: string) => void
  /** Of the guard itself; undefined while there is none. */
  pid: () => number | undefined
  /** Ends it as the end of this process does: it stops what is registered. */
  close: () => void
}

/**
 * Starts the guard: a small process that notices by the end of a pipe that this one is gone, even by kill -9. One that is killed is
 * replaced by another, a few times.
 */
export function startGuard(): Guard {
  const guarded = new Map<number, Guarded>()
  const directories = new Set<string>()
  const mayRestart = restartLimit()
  let child: GuardChild | undefined
  let closed = false
  const send = (message: GuardMessage) => void child?.stdin.write(`${JSON.stringify(message)}\n`)
  const launch = (): void => {
    child = spawnGuard()
    for (const one of guarded.values()) send({ type: 'register', ...one })
    for (const path of directories) send({ type: 'remove-directory', path })
    child.once('exit', () => {
      child = undefined
      if (!closed && mayRestart()) launch()
    })
  }
  launch()
  return {
    register: (process, kind) => {
      guarded.set(process.pid, { process, kind })
      send({ type: 'register', process, kind })
    },
    release: (pid) => {
      guarded.delete(pid)
      send({ type: 'release', pid })
    },
    removeDirectory: (path) => {
      directories.add(path)
      send({ type: 'remove-directory', path })
    },
    pid: () => child?.pid,
    close: () => {
      closed = true
      child?.stdin.end()
    },
  }
}

type GuardChild = ChildProcess & { stdin: Writable }

/** Keeps nobody alive: neither the process nor the pipe to it. */
function spawnGuard(): GuardChild {
  const child = spawn(process.execPath, [fileURLToPath(new URL('guard-process.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  child.unref()
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return child
}
