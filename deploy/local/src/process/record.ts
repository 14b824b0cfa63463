import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RECORD_FILE } from '../state/contents.ts'
import { writeWhole } from '../state/write-whole.ts'
import { isRunning, type ProcessId } from './process-id.ts'
import { type ProcessKind, stopProcess } from './stop.ts'

const SERVICE_GRACE_MS = 3_000
const SERVER_GRACE_MS = 5_000

interface Recorded {
  process: ProcessId
  kind: ProcessKind
}

/** Remembers on disk what runs, for a start after launcher and guard were both killed. */
export interface ProcessRecord {
  add: (process: ProcessId, kind: ProcessKind) => void
  remove: (pid: number) => void
}

export function openRecord(home: string): ProcessRecord {
  const running = new Map<number, Recorded>()
  const save = () => writeWhole(join(home, RECORD_FILE), JSON.stringify([...running.values()]))
  return {
    add: (process, kind) => {
      running.set(process.pid, { process, kind })
      save()
    },
    remove: (pid) => {
      if (running.delete(pid)) save()
    },
  }
}

/** Stops what an earlier run on this state left running; returns how many that were. The caller holds the lock. */
export async function stopLeftovers(home: string): Promise<number> {
  const left = readRecord(join(home, RECORD_FILE)).filter(({ process }) => isRunning(process))
  const stop = (kinds: readonly ProcessKind[], graceMs: number) =>
    Promise.all(
      left.filter(({ kind }) => kinds.includes(kind)).map(({ process, kind }) => stopProcess(process, kind, graceMs)),
    )
  await stop(['service'], SERVICE_GRACE_MS)
  await stop(['nats', 'postgres'], SERVER_GRACE_MS)
  return left.length
}

function readRecord(path: string): Recorded[] {
  if (!existsSync(path)) return []
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return Array.isArray(value) ? value.filter(isRecorded) : []
  } catch {
    return []
  }
}

function isRecorded(value: unknown): value is Recorded {
  if (typeof value !== 'object' || value === null || !('process' in value) || !('kind' in value)) return false
  const { process, kind } = value
  if (kind !== 'service' && kind !== 'nats' && kind !== 'postgres') return false
  return (
    typeof process === 'object' &&
    process !== null &&
    'pid' in process &&
    typeof process.pid === 'number' &&
    'started' in process
  )
}
