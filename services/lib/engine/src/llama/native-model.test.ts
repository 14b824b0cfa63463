import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TINY } from '../testing.ts'
import { loadLlama } from './load-llama.ts'
import { NativeModel } from './native-model.ts'

test('a file that llama.cpp cannot read is refused by name, with what it says', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-model-'))
  try {
    const file = join(dir, 'short.gguf')
    writeFileSync(file, readFileSync(TINY.file).subarray(0, 100_000))
    await assert.rejects(NativeModel.load(await loadLlama(false), file), (error: { code: string; data: object }) => {
      assert.equal(error.code, 'MODEL_BROKEN')
      assert.match(String(Reflect.get(error.data, 'said')), /./)
      return true
    })
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a GPU that is not here is refused by name, and "auto" does without one', async () => {
  await assert.rejects(loadLlama('metal'), { code: 'GPU_NOT_USABLE', message: /metal cannot be used here/ })
  const llama = await loadLlama('auto')
  if (llama.gpu === false) await assert.rejects(loadLlama('cuda'), { code: 'GPU_NOT_USABLE' })
})
