import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Creates a directory and those above it that are missing, with `mode`. One by one: asked to do it itself, Node 24 never comes back
 * from a file system that takes no directories, such as /proc.
 *
 * @throws what the system says, e.g. EACCES, ENOENT, ENOTDIR
 */
export function makeDirectory(path: string, mode: number): void {
  const missing: string[] = []
  for (let at = resolve(path); statSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at)) missing.push(at)
  for (const directory of missing.reverse()) {
    try {
      mkdirSync(directory, { mode })
    } catch (error) {
      // Somebody else made it meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}
