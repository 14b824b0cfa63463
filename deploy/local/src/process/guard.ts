import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ProcessId } from './process-id.ts'
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
}

/** Starts the guard: a small process that notices by the end of a pipe that this one is gone, even by kill -9. */
export function startGuard(): Guard {
  const child = spawn(process.execPath, [fileURLToPath(new URL('guard-process.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  // Neither keeps this process alive; a guard that was killed takes its protection with it, nothing else.
  child.unref()
  child.stdin.on('error', () => undefined)
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  const send = (message: GuardMessage) => void child.stdin.write(`${JSON.stringify(message)}\n`)
  return {
    register: (process, kind) => send({ type: 'register', process, kind }),
    release: (pid) => send({ type: 'release', pid }),
    removeDirectory: (path) => send({ type: 'remove-directory', path }),
  }
}
