import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkEscalating, parseProfile, profileCovers } from '@camelid/rastic'
import { openEngine } from './open-engine.ts'
import { loadRegistry } from './registry.ts'
import { idOf, job, MODELS_DIR, never, quiet } from './testing.ts'

const PROMPTS = ['Once upon a time', 'Tell me a story about a fox.\n', 'Dear Anna,\n', 'zzz qq !! 12 {"a": [']

for (const model of loadRegistry(MODELS_DIR).models) {
  test(`by its profile an honest output of ${model.name} is VALID, and one with a wrong token is INVALID`, async () => {
    const [registered] = model.profiles
    assert.ok(registered)
    const engine = await openEngine({ modelPath: model.file, expected: model, sequences: 4, threads: 1, log: quiet })
    try {
      // Measured for x64: elsewhere it serves this test alone.
      const here = { generator: engine.backend, verifier: engine.backend }
      const profile = parseProfile(JSON.stringify({ ...registered.profile, pairs: [here] }))
      const { sha256 } = engine.model
      assert.ok(profileCovers(profile, { ...here, modelSha256: sha256, engine: engine.engine }))
      const checks = PROMPTS.map(async (prompt, i) => {
        const asked = {
          ...job(prompt, { temperatureMilli: 800, maxTokens: 60 }),
          modelSha256: Buffer.from(sha256, 'hex'),
        }
        const run = { job: asked, jobId: idOf(i), signal: never() }
        const { tokenIds, text } = await engine.generate(run)
        const honest = await checkEscalating({ ...run, engine, tokenIds, text, profile })
        assert.equal(honest.verdict, 'VALID', `${prompt}: ${honest.reason}`)
        const at = tokenIds.length >> 1
        const changed = tokenIds.with(at, ((tokenIds[at] ?? 0) + 512) % engine.model.vocabularySize)
        const cheat = { tokenIds: changed, text: engine.detokenize([], changed) }
        const { verdict, firstDivergence, reason } = await checkEscalating({ ...run, ...cheat, engine, profile })
        assert.deepEqual([verdict, firstDivergence], ['INVALID', at], `${prompt}: ${reason}`)
      })
      await Promise.all(checks)
    } finally {
      await engine.dispose()
    }
  })
}
