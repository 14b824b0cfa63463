import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const LISTEN = '0A'

/** Which process listens on a TCP port, as `name (pid 123)`; undefined where the system does not tell (not Linux, not allowed). */
export function portHolder(port: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  const sockets = new Set([...listeners('/proc/net/tcp', port), ...listeners('/proc/net/tcp6', port)])
  if (sockets.size === 0) return undefined
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const fd of entries(`/proc/${pid}/fd`))
      if (sockets.has(link(`/proc/${pid}/fd/${fd}`))) return `${nameOf(pid)} (pid ${pid})`
  }
  return undefined
}

/** Columns: slot, local address:port in hex, remote, state, …, inode as the tenth. */
function listeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return read(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTEN)
    .map((columns) => `socket:[${columns[9]}]`)
}

const nameOf = (pid: string): string => read(`/proc/${pid}/comm`).trim() || 'a process'

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function entries(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
