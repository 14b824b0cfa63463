import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { writeOnce } from './write-once.ts'

test('a file is written once, for its owner alone, and never over another', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-write-once-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'keys')
  assert.equal(writeOnce(path, 'first'), true)
  assert.equal(writeOnce(path, 'second'), false)
  assert.equal(readFileSync(path, 'utf8'), 'first')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(dir), ['keys'])
  assert.throws(() => writeOnce(join(dir, 'nowhere', 'keys'), 'first'), { code: 'ENOENT' })
})
