import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** Beyond this, the last run's log is put aside as NAME.log.old at the next start. */
const ROTATE_BYTES = 16 * 1024 * 1024

export interface LogFiles {
  write: (name: string, line: string) => void
  close: () => Promise<void>
}

/** One file a service, appended to. */
export function openLogFiles(dir: string): LogFiles {
  const open = new Map<string, WriteStream>()
  const file = (name: string): WriteStream => {
    const known = open.get(name)
    if (known) return known
    const path = join(dir, `${name}.log`)
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_BYTES) renameSync(path, `${path}.old`)
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
    stream.on('error', () => undefined)
    open.set(name, stream)
    return stream
  }
  return {
    write: (name, line) => void file(name).write(`${line}\n`),
    close: async () => {
      await Promise.all([...open.values()].map((stream) => new Promise<void>((resolve) => stream.end(() => resolve()))))
    },
  }
}
