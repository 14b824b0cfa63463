import assert from 'node:assert/strict'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findModel, findProfile, loadRegistry } from '@camelid/engine'
import { parseProfile } from '@camelid/rastic'
import { camelid } from './camelid-program.ts'

const MODELS = join(import.meta.dirname, '../../../models')
const dir = mkdtempSync(join(tmpdir(), 'camelid-model-profile-'))
after(() => rmSync(dir, { recursive: true, force: true }))
copyFileSync(join(MODELS, 'models.json'), join(dir, 'models.json'))
copyFileSync(join(MODELS, 'camelid-mini-F16.gguf'), join(dir, 'camelid-mini-F16.gguf'))
cpSync(join(MODELS, 'profiles'), join(dir, 'profiles'), { recursive: true })

const MODEL = 'camelid-mini-F16'
/** Some seconds; without a GPU on any machine. */
const QUICK = [MODEL, '--threads', '1', '--gpu', 'off', '--prompts']

function profile(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return camelid('model', 'profile', ...args, '--models', dir)
}

test('a model is measured in its regimes, and jobs can name the profile from then on', async () => {
  const before = findModel(loadRegistry(dir), MODEL).profiles
  const { code, out, err } = await profile(...QUICK, '4', '--tau', '0.1', '--tail-scale', '0.05', '--replace', '--json')
  assert.equal(code, 0, err)
  const { sha256, place } = JSON.parse(out) as { sha256: string; place: string }
  assert.equal(place, 'first')
  const registry = loadRegistry(dir)
  const model = findModel(registry, MODEL)
  assert.equal(model.profiles[0]?.sha256, sha256)
  for (const shipped of before) assert.ok(findProfile(registry, model.sha256, shipped.sha256), 'jobs may still name it')
  const found = findProfile(registry, model.sha256, sha256)
  assert.ok(found)
  const { regimes, notCovered, positions } = found.measured
  assert.match(String(regimes), /alone: \d+ of .*4 in a batch.*8 sequences.*one sequence/s)
  assert.match(String(notCovered), /flash attention.*Q8_0: not possible/s)
  assert.ok(Number(positions) >= 8_810 && found.missRate > 0 && found.missRate < 0.0016)
  const [pair] = found.pairs
  assert.deepEqual(pair, { generator: `cpu ${process.arch}`, verifier: `cpu ${process.arch}` })
})

test('a profile over too few positions is entered nowhere, told what would do, and written where --out says', async () => {
  const registry = readFileSync(join(dir, 'models.json'), 'utf8')
  const refused = await profile(...QUICK, '1', '--tau', '0.1', '--replace')
  assert.equal(refused.code, 1)
  assert.match(refused.err, /alone: \d+ positions measured\n4 in a batch: \d+ positions/)
  assert.match(
    refused.out,
    /GPU: left out.*\n {2}alone: \d+ of \d+ positions differ.*\nnot covered by a profile:\n {2}flash/s,
  )
  assert.match(
    refused.err,
    /too loosely .* takes 22466 positions: give --prompts \d+; or --out FILE.*\[TOO_FEW_POSITIONS\]/,
  )

  const file = join(dir, 'first-look.json')
  const written = await profile(...QUICK, '1', '--tau', '0.1', '--out', file)
  assert.equal(written.code, 0, written.err)
  assert.match(written.out, /models\.json does not name it, and no job does: \d+ positions bound .* too loosely/)
  assert.ok(parseProfile(readFileSync(file, 'utf8')).missRate > 0.001)
  assert.equal(readFileSync(join(dir, 'models.json'), 'utf8'), registry)
})

test('what is too noisy for a profile is told, and kept where --out says', async () => {
  const file = join(dir, 'wide.json')
  const { code, out, err } = await profile(...QUICK, '1', '--tau', '0.001', '--tail-scale', '0.001', '--out', file)
  assert.equal(code, 1)
  assert.match(out, /one sequence: \d+ of \d+ positions differ/)
  assert.match(err, /choose --tau .* is in .*wide\.json \[NOISE_TOO_WIDE\]/)
  const text = readFileSync(file, 'utf8')
  assert.match(text, /"noProfile": ".*"regimes": \[/s)
  assert.throws(() => parseProfile(text), { code: 'BAD_PROFILE' })
})

test('mistakes are named before anything is measured', async () => {
  const absent = process.platform === 'darwin' ? 'cuda' : 'metal'
  const cases: [string[], RegExp, number][] = [
    [[MODEL, '--gpu', absent], new RegExp(`${absent} cannot be used here.*\\[GPU_NOT_USABLE\\]`), 1],
    [['gpt-17'], /no model "gpt-17".*\[UNKNOWN_MODEL\]/, 1],
    [['camelid-tiny-F16'], /no model file at .*\[MODEL_NOT_FOUND\]/, 1],
    [[MODEL, '--tau', 'much'], /--tau much: give a number/, 2],
    [[MODEL, '--repeat', '0'], /--repeat 0: give a whole number/, 2],
    [[MODEL, '--gpu', 'yes'], /--gpu yes: give one of off, auto/, 2],
    [[MODEL], /is there already.*--replace.*\[PROFILE_EXISTS\]/, 1],
    [[MODEL, '--out', join(dir, 'models.json')], /is there already: name a new file by --out \[PROFILE_EXISTS\]/, 1],
    [[MODEL, '--out', join(dir, 'no', 'x.json')], /cannot be written.*\[PROFILE_NOT_WRITABLE\]/, 1],
    [[MODEL, '--out', 'x.json', '--replace'], /--out enters nothing.*\[USAGE\]/, 2],
  ]
  for (const [args, expected, exit] of cases) {
    const { code, err } = await profile(...args)
    assert.match(err, expected)
    assert.equal(code, exit)
  }
})
