import assert from 'node:assert/strict'
import { test } from 'node:test'
import { binomialLowerTail, type Engine, parseProfile } from '@camelid/rastic'
import type { NoiseMeasurement } from './measure-noise.ts'
import { toProfile } from './to-profile.ts'

const engine = { model: { name: 'm', sha256: '11'.repeat(32) }, engine: 'e 1' } as Engine
const choice = {
  tau: 0.05,
  tailScale: 0.02,
  pairs: [{ generator: 'cpu x64', verifier: 'cpu x64' }],
  notes: [],
  regimes: [],
  notCovered: [],
}

function noise(positions: number, margins: number[], shift = 0.01): NoiseMeasurement {
  return { positions, margins, shifts: Array.from({ length: positions }, () => shift) }
}

test('the miss rate is a bound: so few misses are rare at it, and it shrinks with what was measured', () => {
  for (const [positions, margins] of [
    [1_000, []],
    [50_000, []],
    [50_000, [0.3, 0.06, 0.04]],
  ] as const) {
    const { missRate, measured } = toProfile(engine, noise(positions, [...margins]), choice)
    const misses = margins.filter((margin) => margin > 0.05).length
    assert.equal(measured.misses, misses)
    assert.ok(binomialLowerTail(positions, missRate, misses) <= 1e-3)
    assert.ok(binomialLowerTail(positions, missRate * 0.8, misses) > 1e-3)
  }
})

test('what is measured can be read back as a profile', () => {
  const profile = toProfile(engine, noise(1_000, []), { ...choice, regimes: ['alone'], notCovered: ['flash'] })
  assert.deepEqual(parseProfile(JSON.stringify(profile)), profile)
})

test('noise that reaches further than the profile would say is refused by name, with a tau that would do', () => {
  const wide = noise(1_000, [], 0.2)
  assert.throws(() => toProfile(engine, wide, choice), {
    code: 'NOISE_TOO_WIDE',
    message: /1000 of 1000 positions shift by more than 0\.05.*--tau 0\.2 or more, or a larger --tail-scale/,
  })
  assert.equal(toProfile(engine, wide, { ...choice, tau: 0.2 }).tau, 0.2)
  assert.throws(() => toProfile(engine, wide, { ...choice, tau: 0.15 }), { code: 'NOISE_TOO_WIDE' })
  assert.throws(() => toProfile(engine, noise(1_000, [], 30), choice), { message: /choose a larger --tau or --tail/ })
})
