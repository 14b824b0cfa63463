import type { Session } from '../session.ts'
import { StratumError } from '../stratum-error.ts'

const MAX_EXTENSIONS = 16
const MAX_NAME_LENGTH = 64

/** mining.configure(extensions, options): none is on. Version bits are not rolled here: blocks carry version 1. */
export function configure(_: Session, [extensions]: readonly unknown[]): Record<string, boolean> {
  if (!Array.isArray(extensions) || extensions.length > MAX_EXTENSIONS)
    throw new StratumError(
      'BAD_REQUEST',
      `the first parameter must be an array of at most ${MAX_EXTENSIONS} extensions`,
    )
  const names = extensions.filter((name) => typeof name === 'string' && name.length <= MAX_NAME_LENGTH)
  return Object.fromEntries(names.map((name) => [name, name === 'subscribe-extranonce']))
}
