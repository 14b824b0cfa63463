import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { openEngine } from '../open-engine.ts'
import { quiet, TINY } from '../testing.ts'
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

test('a model that has no vocabulary is refused by name, before llama.cpp is asked to use one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-model-'))
  try {
    const file = join(dir, 'none.gguf')
    // One name grows by what the other loses, so that the weights stay where they are.
    const changed = rename(readFileSync(TINY.file), 'tokenizer.ggml.model', 'none')
    writeFileSync(file, rename(changed, 'general.name', 'camelid-tiny-'))
    const opened = openEngine({ modelPath: file, sequences: 1, threads: 1, log: quiet })
    await assert.rejects(opened, { code: 'MODEL_BROKEN', message: /no model that continues text/ })
  } finally {
    rmSync(dir, { recursive: true })
  }
})

/** A GGUF file with another text for a key. */
function rename(file: Buffer, key: string, text: string): Buffer {
  // A key is its length, its bytes, the type of its value (8, a text), then the text's length and bytes.
  const lengthAt = file.indexOf(Buffer.concat([u64(key.length), Buffer.from(key)])) + 8 + key.length + 4
  const old = Number(file.readBigUInt64LE(lengthAt))
  const rest = file.subarray(lengthAt + 8 + old)
  return Buffer.concat([file.subarray(0, lengthAt), u64(text.length), Buffer.from(text), rest])
}

function u64(number: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(number))
  return bytes
}

test('a process may end while a model is being loaded', async () => {
  const modules = ['load-llama.ts', 'native-model.ts'].map(
    (file) => pathToFileURL(join(import.meta.dirname, file)).href,
  )
  const script = `
    const { loadLlama } = await import('${modules[0]}')
    const { NativeModel } = await import('${modules[1]}')
    const llama = await loadLlama(false)
    void NativeModel.load(llama, ${JSON.stringify(TINY.file)})
    process.exit(7)`
  const node = execFile(process.execPath, ['--input-type=module', '--eval', script], { timeout: 60_000 })
  const [code, signal] = await once(node, 'exit')
  assert.deepEqual([code, signal], [7, null])
})

test('a GPU that is not here is refused by name, and "auto" does without one', async () => {
  await assert.rejects(loadLlama('metal'), { code: 'GPU_NOT_USABLE', message: /metal cannot be used here/ })
  const llama = await loadLlama('auto')
  if (llama.gpu === false) await assert.rejects(loadLlama('cuda'), { code: 'GPU_NOT_USABLE' })
})
