import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Job } from '@camelid/codec'
import { checkOutput, type Engine, type Profile } from '@camelid/rastic'
import { idOf, job, never, openTiny, tinyProfile } from './testing.ts'

let engine: Engine
const profile = tinyProfile()
before(async () => {
  engine = await openTiny()
})
after(() => engine.dispose())

const asked = job('Tell me a story about a fox.\n', { temperatureMilli: 800, maxTokens: 80 })
const jobId = idOf(5)
const honest = async (of: Job = asked) => (await engine.generate({ job: of, jobId, signal: never() })).tokenIds

function check(
  tokenIds: readonly number[],
  rest: {
    job?: Job
    profile?: Profile | undefined
    positions?: number[]
    text?: Uint8Array
    generator?: { engine: string; backend: string }
  } = {},
) {
  const of = rest.job ?? asked
  return checkOutput({
    engine,
    job: of,
    jobId,
    tokenIds,
    text: engine.detokenize(of.prefix, tokenIds),
    profile,
    signal: never(),
    ...rest,
  })
}
const replaced = (ids: readonly number[], at: number, id: number): number[] =>
  ids.map((old, i) => (i === at ? id : old))

test('an honest output is VALID at every position', async () => {
  const tokenIds = await honest()
  const report = await check(tokenIds)
  assert.equal(report.verdict, 'VALID', report.reason)
  assert.equal(report.positionsChecked, tokenIds.length)
  assert.equal(report.firstDivergence, -1)
  assert.equal(report.misses, 0)
})

test('a short honest answer is VALID: nothing of it is left unseen', async () => {
  const short = job('Q: What is the capital of France?\nA:')
  const report = await check(await honest(short), { job: short })
  assert.equal(report.verdict, 'VALID', report.reason)
})

test('an output that continues a prefix is VALID, under the prefix only', async () => {
  const first = await honest()
  const more = { ...asked, prefix: first.slice(0, 40), maxTokens: 40 }
  const rest = await honest(more)
  assert.deepEqual(rest, first.slice(40))
  assert.equal((await check(rest, { job: more })).verdict, 'VALID')
  assert.equal((await check(rest)).verdict, 'INVALID')
})

test('one wrong token anywhere is INVALID, and named by its place', async () => {
  const tokenIds = await honest()
  for (const at of [0, 1, 40, tokenIds.length - 1]) {
    const report = await check(replaced(tokenIds, at, ((tokenIds[at] ?? 0) + 500) % 1024))
    assert.equal(report.verdict, 'INVALID', `token ${at}: ${report.reason}`)
    assert.equal(report.firstDivergence, at)
    assert.match(report.reason, new RegExp(`token ${at} `))
  }
})

test('structural faults are INVALID without a run of the model', async () => {
  const tokenIds = await honest()
  const cases: [readonly number[], RegExp, number][] = [
    [[], /empty/, 0],
    [replaced(tokenIds, 3, 1024), /id 1024/, 3],
    [replaced(tokenIds, 9, 2), /goes on after its end/, 10],
    [[...tokenIds, 13], /more than the 80/, 80],
    [tokenIds.slice(0, 30), /cut off after 30 of 80/, 30],
  ]
  for (const [ids, reason, at] of cases) {
    const report = await checkOutput({
      engine,
      job: asked,
      jobId,
      tokenIds: ids,
      text: new Uint8Array(0),
      profile,
      signal: never(),
    })
    assert.equal(report.verdict, 'INVALID')
    assert.match(report.reason, reason)
    assert.equal(report.firstDivergence, at)
    assert.equal(report.positionsChecked, 0)
  }
  const wrongText = await check(tokenIds, { text: Buffer.from('Once upon another time') })
  assert.equal(wrongText.verdict, 'INVALID')
  assert.match(wrongText.reason, /text/)
})

test('an early end is INVALID as the only fault, after its replay', async () => {
  const tokenIds = await honest()
  const report = await check([...tokenIds.slice(0, 30), 2])
  assert.equal(report.verdict, 'INVALID')
  assert.equal(report.firstDivergence, 30)
  assert.match(report.reason, /cut short/)
})

test('whoever lacks the means to judge says so and condemns nobody', async () => {
  const tokenIds = replaced(await honest(), 40, 7)
  const other: Profile = { ...profile, model: { ...profile.model, sha256: '11'.repeat(32) } }
  const here = { engine: engine.engine, backend: engine.backend }
  assert.equal((await check(tokenIds, { profile: undefined })).verdict, 'INCONCLUSIVE')
  assert.equal((await check(tokenIds, { profile: other })).verdict, 'INCONCLUSIVE')
  assert.equal((await check(tokenIds, { generator: { ...here, backend: 'cuda x64' } })).verdict, 'INCONCLUSIVE')
  assert.equal((await check(tokenIds, { generator: { ...here, engine: 'other 1' } })).verdict, 'INCONCLUSIVE')
  assert.equal((await check(tokenIds, { job: { ...asked, modelSha256: new Uint8Array(32) } })).verdict, 'INCONCLUSIVE')
  assert.equal((await check(tokenIds, { generator: here })).verdict, 'INVALID')
})

test('a sample of positions is VALID only if it is large enough, and sees only what it covers', async () => {
  const tokenIds = await honest()
  const spread = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.floor((i * tokenIds.length) / count))
  assert.equal((await check(tokenIds, { positions: spread(5) })).verdict, 'INCONCLUSIVE')
  assert.equal((await check(tokenIds, { positions: spread(30) })).verdict, 'VALID')
  await assert.rejects(check(tokenIds, { positions: [80] }), { code: 'BAD_POSITION' })
})
