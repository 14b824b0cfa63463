import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDirectory } from './make-directory.ts'

test('a directory is made with those above it; where none can be, that is said', () => {
  const home = mkdtempSync(join(tmpdir(), 'camelid-directory-'))
  makeDirectory(join(home, 'a/b/c'), 0o700)
  makeDirectory(join(home, 'a/b/c'), 0o700)
  assert.equal(statSync(join(home, 'a/b')).mode & 0o777, 0o700)
  writeFileSync(join(home, 'file'), '')
  assert.throws(() => makeDirectory(join(home, 'file/below'), 0o700), { code: 'ENOTDIR' })
  if (process.platform === 'linux') assert.throws(() => makeDirectory('/proc/camelid/state', 0o700), { code: 'ENOENT' })
  rmSync(home, { recursive: true })
})
