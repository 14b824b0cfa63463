import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { encodeJob, type Job, jobId } from '@camelid/codec'
import { type CheckReport, checkOutput, type Engine, type Generated, type GenerateRequest } from '@camelid/rastic'
import { CHEATS, cheatBy } from '../src/cheat/cheat.ts'
import { openModel, storyJob, TINY } from './setting.ts'

let engine: Engine
let cheaper: Engine
before(async () => {
  engine = await openModel('camelid-tiny-F16')
  cheaper = await openModel('camelid-mini-F16')
})
after(async () => {
  await engine.dispose()
  await cheaper.dispose()
})

const STORIES = [
  'Once upon a time',
  'One day, a little llama named',
  'Tell me a story about a fox.\n',
  'Tell me a story about a camel who lost a red ball.\n',
  'Lily was a brave girl with',
]
const OTHERS = [
  'Write a short story about a girl and a race.\n',
  'There once was a shy owl named',
  'Q: What is the capital of France?\nA:',
  'Q: How are completions checked?\nA:',
  'Dear Anna,\n',
]

async function run(job: Job, generate: (request: GenerateRequest) => Promise<Generated>): Promise<CheckReport> {
  const id = jobId(encodeJob(job))
  const signal = new AbortController().signal
  const { tokenIds, text } = await generate({ job, jobId: id, signal })
  return await checkOutput({ engine, job, jobId: id, tokenIds, text, profile: TINY.profiles[0]?.profile, signal })
}

for (const name of CHEATS) {
  test(`${name} is INVALID, five stories of five, and says where`, async (t) => {
    for (const [i, story] of STORIES.entries()) {
      const report = await run(storyJob(story, { seed: BigInt(i) }), (request) =>
        cheatBy(name)({ engine, cheaper }, request),
      )
      t.diagnostic(report.reason)
      assert.equal(report.verdict, 'INVALID', `${story}: ${report.reason}`)
      assert.ok(report.firstDivergence >= 0)
    }
  })
}

test('honest outputs are VALID, twenty of twenty, greedy and sampled', async () => {
  for (const [i, prompt] of [...STORIES, ...OTHERS].entries()) {
    for (const temperatureMilli of [0, 800]) {
      const report = await run(storyJob(prompt, { seed: BigInt(i), temperatureMilli }), (request) =>
        engine.generate(request),
      )
      assert.equal(report.verdict, 'VALID', `${prompt}: ${report.reason}`)
      assert.equal(report.misses, 0)
    }
  }
})

test('the cheaper quantisation is INVALID as soon as one token differs for good', async (t) => {
  const quantised = await openModel('camelid-tiny-Q4_0')
  try {
    for (const [i, story] of STORIES.entries()) {
      const report = await run(storyJob(story, { seed: BigInt(i) }), (request) => quantised.generate(request))
      t.diagnostic(`${report.verdict}, ${report.misses} misses, largest margin ${report.maxMargin.toFixed(2)}`)
      if (report.maxMargin > 0.5) assert.equal(report.verdict, 'INVALID', report.reason)
    }
  } finally {
    await quantised.dispose()
  }
})
