import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkContents, POSTGRES_NOTE } from './contents.ts'
import { readNote } from './postgres-note.ts'

/**
 * Removes everything a testnet left, PostgreSQL's data included, and nothing else. The caller makes sure that nothing runs.
 * Throws STATE_DIRECTORY when `home` holds other things too.
 */
export function removeState(home: string): void {
  checkContents(home)
  const note = join(home, POSTGRES_NOTE)
  if (existsSync(note)) rmSync(readNote(note), { recursive: true, force: true })
  rmSync(home, { recursive: true, force: true })
}
