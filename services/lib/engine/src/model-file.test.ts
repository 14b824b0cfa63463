import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkModelFile } from './model-file.ts'
import { openEngine } from './open-engine.ts'
import { MODELS_DIR, quiet, TINY } from './testing.ts'

const dir = mkdtempSync(join(tmpdir(), 'camelid-model-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const whole = readFileSync(TINY.file)

function put(name: string, bytes: Uint8Array): string {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  return path
}
const open = (modelPath: string) => openEngine({ modelPath, sequences: 1, threads: 1, log: quiet })

test('a model file is known by its hash', async () => {
  assert.equal(await checkModelFile(TINY.file, TINY.sha256), TINY.sha256)
  await assert.rejects(checkModelFile(TINY.file, '00'.repeat(32)), { code: 'MODEL_HASH_MISMATCH' })
})

test('what is no model is a named error', async () => {
  await assert.rejects(open(join(dir, 'nowhere.gguf')), { code: 'MODEL_NOT_FOUND' })
  await assert.rejects(open(MODELS_DIR), { code: 'MODEL_BROKEN' })
  await assert.rejects(open(put('empty.gguf', new Uint8Array(0))), { code: 'MODEL_BROKEN' })
  await assert.rejects(open(put('text.gguf', Buffer.from('not a model, but long enough to be one'))), {
    code: 'MODEL_BROKEN',
  })
  await assert.rejects(open(put('old.gguf', Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(60)]))), {
    code: 'MODEL_BROKEN',
  })
})

test('a model cut short, or garbage behind a right beginning, is a named error and no crash', async () => {
  for (const length of [30, 1000, 30_000, whole.length - 1000]) {
    await assert.rejects(
      open(put(`cut-${length}.gguf`, whole.subarray(0, length))),
      { code: 'MODEL_BROKEN' },
      `${length} bytes`,
    )
  }
  const garbage = Buffer.from(whole.subarray(0, 4096)).fill(0xff, 8)
  await assert.rejects(open(put('garbage.gguf', garbage)), { code: 'MODEL_BROKEN' })
})
