import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ecdsaBackend } from '@camelid/crypto'
import type { Figure } from '../report.ts'
import { fetchedNote, fetchLibrary } from './fetch-library.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const TIMEOUT_MS = 900_000

/**
 * Measures a part with a libsecp256k1 of the machine: where none is installed, with Debian's in a process of its own, whose loader is told
 * where that lies; and where not even that can be had, with the one that the node then uses.
 */
export async function withLibrary(part: string, measure: () => Promise<Figure[]>): Promise<Figure[]> {
  if (ecdsaBackend === 'libsecp256k1-system' || fetchedNote() !== '') return measure()
  const fetched = fetchLibrary()
  if (typeof fetched === 'string') {
    console.log(`  no libsecp256k1 of this machine (apt-get install libsecp256k1-1 brings one): ${fetched}`)
    return measure()
  }
  const LD_LIBRARY_PATH = [fetched.folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  const { stdout } = spawnSync(process.execPath, [MAIN, '--part', part], {
    env: { ...process.env, LD_LIBRARY_PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  })
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  if (!last.startsWith('{')) throw new Error(`the measurement with the library of ${fetched.folder} did not end`)
  // As `report` prints it.
  const { figures }: { figures: Figure[] } = JSON.parse(last)
  return figures
}
