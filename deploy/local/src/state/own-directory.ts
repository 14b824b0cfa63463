import { lstatSync } from 'node:fs'
import { makeDirectory } from '@camelid/runtime'
import { LaunchError } from '../launch-error.ts'

/**
 * Creates a directory, or takes one that this account created before: in a place where anybody may write, such as /tmp, another
 * one's directory or link of that name would hand our data to them. Throws STATE_DIRECTORY.
 */
export function makeOwnDirectory(path: string, mode: number): void {
  try {
    makeDirectory(path, mode)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new LaunchError('STATE_DIRECTORY', `${path} cannot be created: ${reason}`, { cause })
  }
  const stats = lstatSync(path)
  if (stats.isDirectory() && stats.uid === (process.getuid?.() ?? stats.uid)) return
  throw new LaunchError(
    'STATE_DIRECTORY',
    `${path} is no directory of this account: run this as its owner, remove it, or set CAMELID_HOME to another`,
  )
}
