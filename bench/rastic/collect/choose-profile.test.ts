import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { findModel, loadRegistry } from '@camelid/engine'
import type { Profile } from '@camelid/rastic'
import { chooseProfile, requireTelling } from './choose-profile.ts'

const sold = findModel(loadRegistry(join(import.meta.dirname, '../../../models')), 'camelid-tiny-F16')
const [first] = sold.profiles
assert.ok(first)
const { engine, pairs } = first.profile
const here = { engine, backend: pairs[0]?.generator ?? '' }

const wide = (changed: Partial<Profile>) => ({
  ...sold,
  profiles: [{ ...first, profile: { ...first.profile, ...changed } }],
})

test('a job is judged by the first profile of its model that speaks of this engine and backend', () => {
  assert.equal(chooseProfile(sold, here), first.profile)
  const elsewhere = [{ ...first, profile: { ...first.profile, engine: 'another' } }, ...sold.profiles]
  assert.equal(chooseProfile({ ...sold, profiles: elsewhere }, here), first.profile)
})

test('without one nothing is measured, and the command that makes one is told', () => {
  const message = /camelid-tiny-F16 has no noise profile .* model profile camelid-tiny-F16/
  for (const [model, setting] of [
    [{ ...sold, profiles: [] }, here],
    [sold, { ...here, backend: 'cuda x64' }],
    [sold, { ...here, engine: 'another' }],
  ] as const) {
    assert.throws(() => chooseProfile(model, setting), { code: 'NO_PROFILE', message })
  }
})

test('a profile by which a fine cheat is like an honest node is refused before anything is measured', () => {
  for (const changed of [{ missRate: 0.01 }, { tailScale: 0.06 }, { missRate: 0.01, tailScale: 0.06 }]) {
    assert.throws(() => chooseProfile(wide(changed), here), { code: 'PROFILE_TOO_WIDE', message: /--repeat 4/ })
  }
})

test('the miss rate that it asks for is enough', () => {
  const { profile } = first
  let told = Number.NaN
  try {
    requireTelling({ ...profile, missRate: 0.01 })
  } catch (error) {
    told = Number(/miss rate below ([\d.e-]+)/.exec(String(error))?.[1])
  }
  requireTelling({ ...profile, missRate: 0.99 * told })
  assert.throws(() => requireTelling({ ...profile, missRate: 1.01 * told }), { code: 'PROFILE_TOO_WIDE' })
})
