/** Generates from the .proto files into a temporary folder and compares with what is committed. Exits 1 if they differ. */
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const proto = resolve(import.meta.dirname, '../../proto')
const fresh = mkdtempSync(join(tmpdir(), 'camelid-proto-'))

try {
  const buf = resolve(proto, '../node_modules/.bin/buf')
  // buf finds the plugin by name: the folder of the repository's own programs comes first.
  const path = `${resolve(proto, '../node_modules/.bin')}:${process.env.PATH ?? ''}`
  execFileSync(buf, ['generate', '--output', fresh], {
    cwd: proto,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  })
  const differing = differences(join(fresh, 'gen'), join(proto, 'gen'))
  for (const file of differing) process.stdout.write(`proto/gen/${file} is not what its .proto says\n`)
  if (differing.length > 0) process.stdout.write('run npm run proto and commit proto/gen\n')
  process.exitCode = differing.length === 0 ? 0 : 1
} finally {
  rmSync(fresh, { recursive: true, force: true })
}

function differences(one: string, other: string): string[] {
  const files = new Set([...globSync('**/*.ts', { cwd: one }), ...globSync('**/*.ts', { cwd: other })])
  return [...files].filter((file) => read(join(one, file)) !== read(join(other, file))).sort()
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
