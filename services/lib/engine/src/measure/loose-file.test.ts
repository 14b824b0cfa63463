import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { LooseFile } from './loose-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'camelid-loose-file-'))
after(() => rmSync(dir, { recursive: true, force: true }))

test('what took the place of the file while it was measured stays, and the error is named', () => {
  const path = join(dir, 'profile.json')
  const file = new LooseFile(path)
  writeFileSync(path, 'another')
  assert.throws(() => file.write({}), { code: 'PROFILE_NOT_WRITABLE' })
  assert.equal(readFileSync(path, 'utf8'), 'another')
  assert.throws(() => new LooseFile(path), { code: 'PROFILE_EXISTS' })
})
