import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findModel, findProfile, loadRegistry } from '@camelid/engine'

const PROGRAM = join(import.meta.dirname, '../camelid.js')
const MODELS = join(import.meta.dirname, '../../../models')
const dir = mkdtempSync(join(tmpdir(), 'camelid-model-profile-'))
after(() => rmSync(dir, { recursive: true, force: true }))
copyFileSync(join(MODELS, 'models.json'), join(dir, 'models.json'))
copyFileSync(join(MODELS, 'camelid-mini-F16.gguf'), join(dir, 'camelid-mini-F16.gguf'))
cpSync(join(MODELS, 'profiles'), join(dir, 'profiles'), { recursive: true })

function profile(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const all = [PROGRAM, 'model', 'profile', ...args, '--models', dir]
    execFile(process.execPath, all, { timeout: 120_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

test('a model is measured in its regimes, and jobs can name the profile from then on', async () => {
  const before = findModel(loadRegistry(dir), 'camelid-mini-F16').profiles
  const quick = ['camelid-mini-F16', '--prompts', '1', '--threads', '1', '--tau', '0.1']
  const { code, out, err } = await profile(...quick, '--replace', '--json')
  assert.equal(code, 0, err)
  const { sha256 } = JSON.parse(out) as { sha256: string }
  const registry = loadRegistry(dir)
  const model = findModel(registry, 'camelid-mini-F16')
  for (const shipped of before) assert.ok(findProfile(registry, model.sha256, shipped.sha256), 'jobs may still name it')
  const found = findProfile(registry, model.sha256, sha256)
  assert.ok(found)
  const { regimes, notCovered, positions } = found.measured
  assert.match(String(regimes), /alone: 0 of .*4 in a batch.*8 sequences.*one sequence/s)
  assert.match(String(notCovered), /flash attention.*Q8_0: not possible/s)
  assert.ok(Number(positions) > 400 && found.missRate > 0 && found.missRate < 0.05)
  const [pair] = found.pairs
  assert.deepEqual(pair, { generator: `cpu ${process.arch}`, verifier: `cpu ${process.arch}` })

  const again = await profile('camelid-mini-F16', '--prompts', '1')
  assert.equal(again.code, 1)
  assert.match(again.err, /is there already.*--replace.*\[PROFILE_EXISTS\]/)
})

test('mistakes are named before anything is measured', async () => {
  const absent = process.platform === 'darwin' ? 'cuda' : 'metal'
  const cases: [string[], RegExp, number][] = [
    [['camelid-mini-F16', '--gpu', absent], new RegExp(`${absent} cannot be used here.*\\[GPU_NOT_USABLE\\]`), 1],
    [['gpt-17'], /no model "gpt-17".*\[UNKNOWN_MODEL\]/, 1],
    [['camelid-tiny-F16'], /no model file at .*\[MODEL_NOT_FOUND\]/, 1],
    [['camelid-mini-F16', '--tau', 'much'], /--tau much: give a number/, 2],
    [['camelid-mini-F16', '--repeat', '0'], /--repeat 0: give a whole number/, 2],
    [['camelid-mini-F16', '--gpu', 'yes'], /--gpu yes: give one of off, auto/, 2],
  ]
  for (const [args, expected, exit] of cases) {
    const { code, err } = await profile(...args)
    assert.match(err, expected)
    assert.equal(code, exit)
  }
})
