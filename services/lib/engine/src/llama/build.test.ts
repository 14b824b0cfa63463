import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findBuild, readBuild } from './build.ts'

test('a package that is not whole is refused by name, with the fix', async () => {
  const binsDir = mkdtempSync(join(tmpdir(), 'camelid-build-'))
  const read = () => readBuild({ binsDir, packageVersion: '1.2.3' })
  const refused = { code: 'ENGINE_FAILED', message: /is not whole: .*npm ci/ }
  try {
    await assert.rejects(read(), refused)
    const dir = join(binsDir, 'linux-x64')
    mkdirSync(dir)
    await assert.rejects(read(), refused)
    const metadata = join(dir, '_nlcBuildMetadata.json')
    writeFileSync(metadata, '{"buildOptions":{"llamaCpp":{"release":"v9"}}}')
    await assert.rejects(read(), refused)
    for (const file of ['libllama.v9.so', 'libllama-common.so', 'libggml.v9.so', 'libggml-base.so']) {
      writeFileSync(join(dir, file), '')
    }
    const { llama, ggml, release, version } = await read()
    assert.deepEqual([llama, ggml], [join(dir, 'libllama.v9.so'), join(dir, 'libggml.v9.so')])
    assert.deepEqual([release, version], ['v9', '1.2.3'])
    writeFileSync(metadata, '{')
    await assert.rejects(read(), refused)
  } finally {
    rmSync(binsDir, { recursive: true })
  }
  assert.ok(await findBuild(false))
})
