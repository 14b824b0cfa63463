import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cheatProbability, honestProbability } from './honesty.ts'
import { exceedanceRate, type Profile, parseProfile, profileCovers } from './profile.ts'

const profile: Profile = {
  version: 1,
  model: { name: 'm', sha256: '00'.repeat(32) },
  engine: 'engine 1',
  pairs: [{ generator: 'cpu x64', verifier: 'cpu x64' }],
  tau: 0.05,
  missRate: 1e-4,
  tailScale: 0.02,
  falseAlarm: 1e-6,
  designDisagreement: 0.2,
  measured: {},
}
const output = (...misses: number[]): number[] => [...misses, ...Array<number>(160 - misses.length).fill(0)]

test('one token that the model would never choose is proof by itself, near-ties never are', () => {
  assert.ok(honestProbability(output(2), profile) < 1e-9)
  assert.ok(honestProbability(output(Number.POSITIVE_INFINITY), profile) < 1e-9)
  assert.equal(honestProbability(output(...Array<number>(100).fill(0.05)), profile), 1)
  assert.ok(honestProbability(output(0.06), profile) > 1e-3)
})

test('many small misses are proof together', () => {
  assert.ok(honestProbability(output(0.06, 0.06), profile) > 1e-6)
  assert.ok(honestProbability(output(...Array<number>(8).fill(0.06)), profile) < 1e-6)
})

test('honest nodes are found INVALID less often than the false-alarm rate allows', () => {
  // The worst honest node of the profile: margins above tau at exactly its rate, with exactly its tail. By enumeration
  // over one and two misses, the mass of outcomes below the alarm is bounded by the alarm itself.
  let alarm = 0
  const n = 160
  const step = 0.001
  for (let margin = profile.tau; margin < 2; margin += step) {
    if (honestProbability(output(margin + step), profile) >= profile.falseAlarm) continue
    alarm += n * (exceedanceRate(profile, margin) - exceedanceRate(profile, margin + step))
  }
  assert.ok(alarm < profile.falseAlarm, `${alarm}`)
})

test('a sample of 21 positions excludes a cheat of 20 % disagreement at one in a hundred', () => {
  assert.ok(cheatProbability(21, 0, profile) <= 0.01)
  assert.ok(cheatProbability(20, 0, profile) > 0.01)
})

test('a profile is parsed strictly and speaks of one engine and pair only', () => {
  assert.deepEqual(parseProfile(JSON.stringify(profile)), profile)
  for (const wrong of [
    '{',
    '{}',
    JSON.stringify({ ...profile, falseAlarm: 0.1 }),
    JSON.stringify({ ...profile, missRate: 0 }),
  ]) {
    assert.throws(() => parseProfile(wrong), { code: 'BAD_PROFILE' })
  }
  const setting = { modelSha256: '00'.repeat(32), engine: 'engine 1', generator: 'cpu x64', verifier: 'cpu x64' }
  assert.ok(profileCovers(profile, setting))
  assert.ok(!profileCovers(profile, { ...setting, generator: 'cuda x64' }))
  assert.ok(!profileCovers(profile, { ...setting, engine: 'engine 2' }))
})
