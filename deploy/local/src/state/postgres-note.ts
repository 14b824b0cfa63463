import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { LaunchError } from '../launch-error.ts'

/** Only root comes here, as only root lends PostgreSQL another account; nobody else may write there, and no cleaner sweeps it. */
const PREFIX = '/var/lib/camelid-'

/** Where PostgreSQL's data goes when its account cannot reach the state directory. */
export function placeElsewhere(home: string): string {
  return PREFIX + createHash('sha256').update(home).digest('hex').slice(0, 12)
}

/** What the note in a state directory says. Throws STATE_DIRECTORY when it is none of ours: the place it names is removed by a reset. */
export function readNote(path: string): string {
  const place = readFileSync(path, 'utf8').trim()
  if (place.startsWith(PREFIX) && /^[0-9a-f]{12}$/.test(place.slice(PREFIX.length))) return place
  throw new LaunchError('STATE_DIRECTORY', `${path} names ${place}, where no testnet keeps its data: remove that file`)
}
