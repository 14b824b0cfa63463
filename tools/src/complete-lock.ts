/**
 * Completes package-lock.json with optional platform packages (`@scope/tool-darwin-arm64` and the like) that the registry
 * at hand did not carry when the lock was written. npm leaves such packages out of the lock, and `npm ci` then refuses it
 * everywhere; named with version, os and cpu they are skipped where they do not fit and fetched where they do.
 *
 * Run after each `npm install` that changed the lock: node tools/src/complete-lock.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type LockEntry = {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}
type Lock = { packages: Record<string, LockEntry> }

const OPERATING_SYSTEMS: Readonly<Record<string, string>> = {
  android: 'android',
  darwin: 'darwin',
  mac: 'darwin',
  freebsd: 'freebsd',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  linux: 'linux',
  linuxmusl: 'linux',
  openharmony: 'openharmony',
  sunos: 'sunos',
  aix: 'aix',
  win32: 'win32',
  windows: 'win32',
  win: 'win32',
}
const PROCESSORS: Readonly<Record<string, string>> = {
  x64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  arm: 'arm',
  armv7: 'arm',
  armv7l: 'arm',
  ia32: 'ia32',
  x86: 'ia32',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
  mips64el: 'mips64el',
  universal: '',
  wasm32: 'wasm32',
}

const path = join(import.meta.dirname, '../../package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock
const added: string[] = []
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || !/^\d+\.\d+\.\d+/.test(version)) continue
    const platform = platformOf(name)
    if (!platform) throw new Error(`${name}: no platform can be read from its name; add it to the lock by hand`)
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    }
    added.push(`${name}@${version}`)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length === 0 ? 'the lock is complete' : `added ${added.length}: ${added.join(' ')}`)

function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[-/@]/)
  const os = words.map((word) => OPERATING_SYSTEMS[word]).find((word) => word !== undefined)
  const cpu = words.map((word) => PROCESSORS[word]).find((word) => word !== undefined)
  if (os === undefined && cpu === undefined) return undefined
  const musl = words.some((word) => word.includes('musl'))
  return { ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}), ...(musl ? { libc: ['musl'] } : {}) }
}
