import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { LaunchError } from '../launch-error.ts'
import { identify, isRunning, type ProcessId } from '../process/process-id.ts'
import { LOCK_FILE } from './contents.ts'
import { createWhole } from './write-whole.ts'

/** Keeps a second launcher off the same state; a lock whose owner is gone is taken over. Throws ALREADY_RUNNING. */
export function lockState(home: string): Disposable {
  const path = join(home, LOCK_FILE)
  const self = identify(process.pid) ?? { pid: process.pid, started: '' }
  for (let tries = 0; ; tries++) {
    try {
      createWhole(path, JSON.stringify(self))
      return { [Symbol.dispose]: () => rmSync(path, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || tries > 2) throw error
    }
    const owner = readProcessId(path)
    if (owner && isRunning(owner))
      throw new LaunchError(
        'ALREADY_RUNNING',
        `a testnet already runs on ${home} (process ${owner.pid}): stop it with kill ${owner.pid}, or set CAMELID_HOME and PORT_OFFSET for a second one`,
        { data: { pid: owner.pid } },
      )
    rmSync(path, { force: true })
  }
}

function readProcessId(path: string): ProcessId | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined
    return typeof value.pid === 'number' && typeof value.started === 'string'
      ? { pid: value.pid, started: value.started }
      : undefined
  } catch {
    return undefined
  }
}
