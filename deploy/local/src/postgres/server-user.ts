import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Who PostgreSQL runs as when this process is root, which PostgreSQL refuses to be. */
export interface ServerUser {
  name: string
  uid: number
  gid: number
}

/** An account every system has; `postgres` where it exists. Undefined when this process is not root: then as itself. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = accounts.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? []
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

/** True when `user` may walk through every existing directory from the root to `path`. */
export function canReach(user: ServerUser | undefined, path: string): boolean {
  if (!user) return true
  for (let current = resolve(path); ; current = dirname(current)) {
    if (!mayPass(user, current)) return false
    if (current === dirname(current)) return true
  }
}

function mayPass(user: ServerUser, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return true
  const bit = stats.uid === user.uid ? 0o100 : stats.gid === user.gid ? 0o010 : 0o001
  return (stats.mode & bit) !== 0
}
