import { createWriteStream, openSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** Beyond this a log is put aside as NAME.log.old, in place of the one before. */
const ROTATE_BYTES = 16 * 1024 * 1024

export interface LogFiles {
  write: (name: string, line: string) => void
  close: () => Promise<void>
}

interface OpenLog {
  stream: WriteStream
  bytes: number
}

/** One file a service, appended to, of bounded size. */
export function openLogFiles(dir: string, rotateBytes: number = ROTATE_BYTES): LogFiles {
  const logs = new Map<string, OpenLog>()
  const logOf = (name: string): OpenLog => {
    const path = join(dir, `${name}.log`)
    let log = logs.get(name)
    if (log && log.bytes <= rotateBytes) return log
    log?.stream.end()
    const size = log?.bytes ?? statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > rotateBytes) renameSync(path, `${path}.old`)
    const stream = createWriteStream(path, { fd: openSync(path, 'a', 0o600) })
    // A full disk costs the log, not the testnet.
    stream.on('error', () => undefined)
    log = { stream, bytes: size > rotateBytes ? 0 : size }
    logs.set(name, log)
    return log
  }
  return {
    write: (name, line) => {
      const log = logOf(name)
      log.stream.write(`${line}\n`)
      log.bytes += Buffer.byteLength(line) + 1
    },
    close: async () => {
      await Promise.all([...logs.values()].map(({ stream }) => new Promise<void>((resolve) => stream.end(resolve))))
    },
  }
}
