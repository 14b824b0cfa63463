import type { ChildProcess } from 'node:child_process'
import { identify, type ProcessId } from './process-id.ts'

/** PostgreSQL or NATS as a child of this process. */
export interface ServerProcess {
  readonly process: ProcessId
  /** Resolves, never rejects, when it ended: "exit code 1" or "SIGKILL". */
  readonly ended: Promise<string>
}

/** Undefined when it could not be started. The child does not keep this process alive. */
export function followServer(child: ChildProcess): ServerProcess | undefined {
  child.on('error', () => undefined)
  child.unref()
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
  )
  const id = child.pid === undefined ? undefined : identify(child.pid)
  return id && { process: id, ended }
}
