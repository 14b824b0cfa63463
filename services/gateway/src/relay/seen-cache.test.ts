import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Judgement } from './owner-stream.ts'
import { SeenCache } from './seen-cache.ts'

const judgement = (outcome: Judgement['outcome']): Judgement => ({
  outcome,
  score: 0,
  code: '',
  detail: '',
  wanted: [],
})

const at = (nowMs: number, asked = false) => ({ nowMs, asked })

test('what was found good is judged once; what was refused, each time it comes', async () => {
  const seen = new SeenCache()
  for (const [outcome, fresh, later] of [
    ['ok', false, false],
    ['ignore', false, true],
    ['reject', true, true],
    ['unavailable', true, true],
  ] as const) {
    const judge = (): Promise<Judgement> => Promise.resolve(judgement(outcome))
    await seen.judge(outcome, at(0), judge).judgement
    assert.equal(seen.judge(outcome, at(1), judge).fresh, fresh, outcome)
    await Promise.resolve()
    assert.equal(seen.judge(outcome, at(100_000), judge).fresh, later, outcome)
  }
})

test('two who bring the same message at once share one judgement', async () => {
  const seen = new SeenCache()
  const one = seen.judge('x', at(0), () => Promise.resolve(judgement('ok')))
  const two = seen.judge('x', at(0), () => Promise.reject(new Error('judged twice')))
  assert.equal(two.fresh, false)
  assert.equal(await one.judgement, await two.judgement)
})

test('our own message is old news when it comes back', async () => {
  const seen = new SeenCache()
  seen.addOwn('x')
  const again = seen.judge('x', at(0), () => Promise.resolve(judgement('reject')))
  assert.equal(again.fresh, false)
  assert.equal((await again.judgement).outcome, 'ok')
})

test('the maker of a message is never put off with an old "not for us"', async () => {
  const seen = new SeenCache()
  await seen.judge('x', at(0), () => Promise.resolve(judgement('ignore'))).judgement
  assert.equal(seen.judge('x', at(1), () => Promise.resolve(judgement('ok'))).fresh, false)
  assert.equal(seen.judge('x', at(1, true), () => Promise.resolve(judgement('ok'))).fresh, true)
  await Promise.resolve()
  assert.equal(seen.judge('x', at(2, true), () => Promise.resolve(judgement('ok'))).fresh, false)
})
