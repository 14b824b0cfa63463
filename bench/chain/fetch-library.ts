import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIRECTORY = fileURLToPath(new URL('../../node_modules/.cache/libsecp256k1', import.meta.url))
/** Those of release 0.2.0 and later, as Debian names them. */
const PACKAGES = '^libsecp256k1-[1-9][0-9]*$'
const TIMEOUT_MS = 60_000

/** Where Debian's libsecp256k1 lies, fetched without installing it; or why it cannot be had. */
export function fetchLibrary(): { readonly folder: string } | string {
  try {
    const there = folder()
    if (there !== undefined) return { folder: there }
    mkdirSync(DIRECTORY, { recursive: true })
    const name = newest(run('apt-cache', 'search', '--names-only', PACKAGES))
    if (name === undefined) return 'apt knows no package of it'
    run('apt-get', 'download', name)
    const [file] = globSync(`${name}_*.deb`, { cwd: DIRECTORY })
    if (file === undefined) return `apt-get brought no ${name}`
    run('dpkg', '-x', file, '.')
    const fetched = folder()
    return fetched === undefined ? `there is no library in ${name}` : { folder: fetched }
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

/** What the table says of a library that was fetched for it; nothing of one that is installed. */
export function fetchedNote(): string {
  const searched = process.env.LD_LIBRARY_PATH?.split(':') ?? []
  return searched.some((one) => one.startsWith(DIRECTORY)) ? " of Debian's package, fetched, not installed" : ''
}

function folder(): string | undefined {
  const [file] = globSync('usr/lib/**/libsecp256k1.so.[1-9]', { cwd: DIRECTORY })
  return file === undefined ? undefined : join(DIRECTORY, dirname(file))
}

/** Of lines "name - what it is", the name with the highest number. */
function newest(found: string): string | undefined {
  const names = found.split('\n').flatMap((line) => line.split(' ')[0] || [])
  return names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0]
}

function run(command: string, ...args: string[]): string {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
  return execFileSync(command, args, { cwd: DIRECTORY, encoding: 'utf8', stdio, timeout: TIMEOUT_MS })
}
