import assert from 'node:assert/strict'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { EngineError } from './errors.ts'
import { checkModelFile } from './model-file.ts'
import { findModel, findProfile, loadRegistry } from './registry.ts'
import { MODELS_DIR } from './testing.ts'

const dir = mkdtempSync(join(tmpdir(), 'camelid-registry-'))
after(() => rmSync(dir, { recursive: true, force: true }))

test('the shipped registry is true: files, hashes, sizes and profiles', async () => {
  const registry = loadRegistry(MODELS_DIR)
  for (const model of registry.models) {
    assert.ok(model.present, model.name)
    assert.equal(await checkModelFile(model.file, model.sha256), model.sha256)
    assert.equal(readFileSync(model.file).length, model.size)
    for (const { profile } of model.profiles) assert.equal(profile.model.sha256, model.sha256)
  }
  for (const { name, profiles } of registry.models) {
    const { regimes, notCovered } = profiles[0]?.profile.measured ?? {}
    assert.match(String(regimes), /alone: .*4 in a batch: .*8 sequences: .*one sequence: .*2 threads: /, name)
    assert.match(String(notCovered), /flash attention: .*cache in Q8_0: /, name)
  }
  const tiny = findModel(registry, 'camelid-tiny-F16')
  assert.ok(findProfile(registry, tiny.sha256, tiny.profiles[0]?.sha256 ?? ''))
  assert.equal(findProfile(registry, tiny.sha256, '00'.repeat(32)), undefined)
})

test('an unknown model is refused with the names there are', () => {
  assert.throws(() => findModel(loadRegistry(MODELS_DIR), 'gpt-17'), {
    code: 'UNKNOWN_MODEL',
    message: /camelid-tiny-F16/,
  })
})

test('a registry that cannot be used says which file and why', () => {
  const write = (text: string): void => writeFileSync(join(dir, 'models.json'), text)
  assert.throws(() => loadRegistry(dir), { code: 'BAD_REGISTRY' })
  for (const text of ['{', '{}', '{"version":1,"models":[{"name":"x","file":"../../etc/passwd"}]}']) {
    write(text)
    assert.throws(() => loadRegistry(dir), { code: 'BAD_REGISTRY' }, text)
  }
  copyFileSync(join(MODELS_DIR, 'models.json'), join(dir, 'models.json'))
  assert.throws(() => loadRegistry(dir), { code: 'BAD_REGISTRY' }, 'profiles missing')
  mkdirSync(join(dir, 'profiles'))
  const profile = 'profiles/camelid-tiny-F16.cpu-x64.json'
  writeFileSync(join(dir, profile), readFileSync(join(MODELS_DIR, profile), 'utf8').replace('"tau"', '"Tau"'))
  assert.throws(() => loadRegistry(dir), { code: 'BAD_REGISTRY', message: /SHA-256/ })
})

test('models whose files are not there are known but not present', () => {
  cpSync(join(MODELS_DIR, 'profiles'), join(dir, 'profiles'), { recursive: true })
  assert.ok(loadRegistry(dir).models.every((model) => !model.present))
})

test('any text is a registry, or refused by name', () => {
  const shipped = readFileSync(join(MODELS_DIR, 'models.json'), 'utf8')
  const read = (text: string): void => {
    writeFileSync(join(dir, 'models.json'), text)
    try {
      loadRegistry(dir)
    } catch (error) {
      assert.ok(error instanceof EngineError && error.code === 'BAD_REGISTRY', String(error))
    }
  }
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), read))
  const changed = fc.property(fc.nat(), fc.string({ maxLength: 3 }), fc.nat(5), (place, put, cut) => {
    const at = place % shipped.length
    read(shipped.slice(0, at) + put + shipped.slice(at + cut))
  })
  fc.assert(changed, { numRuns: 200 })
})
