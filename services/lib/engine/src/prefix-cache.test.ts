import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Job } from '@camelid/codec'
import { checkOutput, type Engine } from '@camelid/rastic'
import { idOf, job, never, openTiny, tinyProfile } from './testing.ts'

let engine: Engine
/** Opened anew for a job that must find nothing. */
let other: Engine
before(async () => {
  engine = await openTiny({ sequences: 2 })
  other = await openTiny({ sequences: 1 })
})
after(async () => {
  await engine.dispose()
  await other.dispose()
})

const PROMPTS = ['One day, a little llama named', 'Tell me a story about a fox.\n', 'Lily was a brave girl with']
const JOB_ID = idOf(3)
const write = (by: Engine, of: Job) => by.generate({ job: of, jobId: JOB_ID, signal: never() })
const chunk = (prompt: string, prefix: readonly number[] = []): Job =>
  job(prompt, { temperatureMilli: 800, maxTokens: 40, prefix: [...prefix] })

test('a chunk that goes on where an earlier one ended reads one token, and comes out as without a cache', async () => {
  for (const prompt of PROMPTS) {
    const first = await write(engine, chunk(prompt))
    assert.equal(first.heldTokens, 0)
    const more = chunk(prompt, first.tokenIds)
    const second = await write(engine, more)
    assert.equal(second.heldTokens, second.inputTokens - 1)
    const alone = await write(other, more)
    assert.equal(alone.heldTokens, 0)
    assert.deepEqual(second.tokenIds, alone.tokenIds)
    const { tokenIds, text } = second
    const report = await checkOutput({
      engine: other,
      job: more,
      jobId: JOB_ID,
      tokenIds,
      text,
      profile: tinyProfile(),
      signal: never(),
    })
    assert.equal(report.verdict, 'VALID', report.reason)
  }
})

test('chunks join to what one job writes, though others take turns between them', async () => {
  const whole = PROMPTS.slice(0, 2).map((prompt) => ({ ...chunk(prompt), maxTokens: 120 }))
  const expected = await Promise.all(whole.map((of) => write(other, of)))
  const written: number[][] = [[], []]
  for (let round = 0; round < 3; round++) {
    for (const [i, ids] of written.entries()) {
      const { tokenIds, heldTokens } = await write(engine, chunk(PROMPTS[i] ?? '', ids))
      assert.equal(heldTokens === 0, round === 0)
      ids.push(...tokenIds)
    }
  }
  assert.deepEqual(
    written,
    expected.map(({ tokenIds }) => [...tokenIds]),
  )
})

test('a part of what was written can be continued, another ending is not mistaken for it', async () => {
  const [prompt = ''] = PROMPTS
  const first = await write(engine, chunk(prompt))
  const part = chunk(prompt, first.tokenIds.slice(0, 25))
  const continued = await write(engine, part)
  assert.equal(continued.heldTokens, continued.inputTokens - 1)
  assert.deepEqual(continued.tokenIds, (await write(other, part)).tokenIds)
  const changed = chunk(prompt, first.tokenIds.slice(0, 25).with(20, 7))
  const different = await write(engine, changed)
  assert.equal(different.heldTokens, different.inputTokens - 5)
  assert.deepEqual(different.tokenIds, (await write(other, changed)).tokenIds)
})

test('what was given up, or read for a check, is continued by nobody', async () => {
  const [prompt = ''] = PROMPTS
  const single = await openTiny({ sequences: 1 })
  try {
    const { tokenIds, inputTokens } = await write(single, chunk(prompt))
    const stop = new AbortController()
    const onToken = (count: number): void => {
      if (count === 3) stop.abort(new Error('enough'))
    }
    const more = chunk(prompt, tokenIds)
    await assert.rejects(single.generate({ job: more, jobId: JOB_ID, signal: stop.signal, onToken }), /enough/)
    assert.equal((await write(single, more)).heldTokens, 0)
    assert.equal((await write(single, more)).heldTokens, inputTokens + tokenIds.length - 1)
    const tokens = [...single.tokenize(more.input, more.prefix)]
    await single.evaluate({ tokens, wanted: [], signal: never() })
    assert.equal((await write(single, more)).heldTokens, 0)
  } finally {
    await single.dispose()
  }
})
