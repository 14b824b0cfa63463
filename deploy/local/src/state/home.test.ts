import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { openState } from './home.ts'
import { lockState } from './lock.ts'
import { makeOwnDirectory } from './own-directory.ts'
import { removeState } from './remove.ts'

const scratch = () => mkdtempSync(join(tmpdir(), 'camelid-state-'))
const isRefusal = (error: unknown) => isCoded(error) && error.code === 'STATE_DIRECTORY'

test('a directory that holds other things is neither used nor removed', () => {
  const home = scratch()
  mkdirSync(join(home, 'logs'))
  writeFileSync(join(home, 'thesis.txt'), 'years of work')
  assert.throws(() => openState(home, undefined), isRefusal)
  assert.throws(() => removeState(home), isRefusal)
  assert.deepEqual(readdirSync(home).sort(), ['logs', 'thesis.txt'])
})

test('a directory that only its owner may pass is opened to the account of PostgreSQL, but not to be read', () => {
  const home = scratch()
  const { postgresElsewhere } = openState(home, { name: 'nobody', uid: 65_534, gid: 65_534 })
  assert.equal(postgresElsewhere, false)
  assert.equal(statSync(home).mode & 0o777, 0o711)
})

test('a state is opened again as it was, also with what a killed launcher left half written, and removed whole', () => {
  const home = join(scratch(), 'new')
  const state = openState(home, undefined)
  lockState(home)
  writeFileSync(join(home, 'processes.json.part'), '[{')
  writeFileSync(join(home, 'launcher.lock.12345.part'), '')
  assert.deepEqual(openState(home, undefined), state)
  removeState(home)
  assert.ok(!existsSync(home))
})

test("where PostgreSQL's data is must be a place of ours: a reset removes it", () => {
  const home = scratch()
  const precious = scratch()
  writeFileSync(join(home, 'postgres-is-at'), `${precious}\n`)
  assert.throws(() => openState(home, undefined), isRefusal)
  assert.throws(() => removeState(home), isRefusal)
  assert.ok(existsSync(precious))
})

test('a link in the place of a directory is refused, and so is a directory that cannot be', () => {
  const directory = scratch()
  symlinkSync(directory, join(directory, 'link'))
  writeFileSync(join(directory, 'file'), '')
  assert.throws(() => makeOwnDirectory(join(directory, 'link'), 0o700), isRefusal)
  assert.throws(() => makeOwnDirectory(join(directory, 'file'), 0o700), isRefusal)
  assert.throws(() => makeOwnDirectory(join(directory, 'file/below'), 0o700), isRefusal)
  rmSync(directory, { recursive: true })
})
