import assert from 'node:assert/strict'
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { findProfile, loadRegistry } from '../registry.ts'
import { MODELS_DIR, TINY, tinyProfile } from '../testing.ts'
import { ProfileFile } from './profile-file.ts'

const FILE = 'profiles/camelid-tiny-F16.other.json'
let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'camelid-profile-'))
  copyFileSync(join(MODELS_DIR, 'models.json'), join(dir, 'models.json'))
  cpSync(join(MODELS_DIR, 'profiles'), join(dir, 'profiles'), { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('a profile is found by the hash that models.json then names, beside those that were there', () => {
  using file = new ProfileFile(dir, FILE, { replace: false })
  const sha256 = file.write({ ...tinyProfile(), tau: 0.07 })
  const registry = loadRegistry(dir)
  assert.equal(findProfile(registry, TINY.sha256, sha256)?.tau, 0.07)
  assert.equal(findProfile(registry, TINY.sha256, TINY.profiles[0]?.sha256 ?? '')?.tau, 0.05)
})

test('a profile that is there stays unless it is to be replaced, and then is still found by its hash', () => {
  const write = (tau: number, replace: boolean): string => {
    using file = new ProfileFile(dir, FILE, { replace })
    return file.write({ ...tinyProfile(), tau })
  }
  const first = write(0.06, false)
  assert.throws(() => write(0.07, false), { code: 'PROFILE_EXISTS', message: /other\.json.*--replace/ })
  const others = profiles().filter((sha256) => sha256 !== first)
  const second = write(0.07, true)
  const registry = loadRegistry(dir)
  assert.equal(findProfile(registry, TINY.sha256, second)?.tau, 0.07)
  assert.equal(findProfile(registry, TINY.sha256, first)?.tau, 0.06)
  // The place decides which one new jobs name.
  assert.deepEqual(profiles(), [...others, second, first])
  assert.equal(write(0.07, true), second)
  assert.deepEqual(profiles(), [...others, second, first])
})

test('a measurement that fails leaves nothing behind', () => {
  const before = readFileSync(join(dir, 'models.json'), 'utf8')
  {
    using _ = new ProfileFile(dir, FILE, { replace: false })
  }
  assert.ok(!existsSync(join(dir, FILE)) && !existsSync(join(dir, `${FILE}.part`)))
  assert.equal(readFileSync(join(dir, 'models.json'), 'utf8'), before)
})

test('a place that cannot be written to is named before anything is measured', () => {
  rmSync(join(dir, 'profiles'), { recursive: true })
  writeFileSync(join(dir, 'profiles'), 'a file where the directory should be')
  assert.throws(() => new ProfileFile(dir, FILE, { replace: false }), {
    code: 'PROFILE_NOT_WRITABLE',
    message: /other\.json cannot be written/,
  })
})

function profiles(): string[] {
  const model = loadRegistry(dir).models.find(({ sha256 }) => sha256 === TINY.sha256)
  return model?.profiles.map(({ sha256 }) => sha256) ?? []
}
