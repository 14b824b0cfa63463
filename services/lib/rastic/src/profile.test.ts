import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { RasticError } from './errors.ts'
import { parseProfile } from './profile.ts'

const SHIPPED = readFileSync(
  join(import.meta.dirname, '../../../../models/profiles/camelid-tiny-F16.cpu-x64.json'),
  'utf8',
)

function readOrRefused(text: string): void {
  try {
    assert.deepEqual(parseProfile(JSON.stringify(parseProfile(text))), parseProfile(text))
  } catch (error) {
    assert.ok(error instanceof RasticError && error.code === 'BAD_PROFILE', String(error))
  }
}

test('the shipped profile is read', () => {
  assert.equal(parseProfile(SHIPPED).version, 1)
})

test('any other text is a profile, or refused by name', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), readOrRefused))
  const changed = fc.property(fc.nat(), fc.string({ maxLength: 3 }), fc.nat(5), (place, put, cut) => {
    const at = place % SHIPPED.length
    readOrRefused(SHIPPED.slice(0, at) + put + SHIPPED.slice(at + cut))
  })
  fc.assert(changed, { numRuns: 500 })
  for (const hostile of ['null', '[]', '{"version":1e999}', `${'['.repeat(50_000)}`, '{"__proto__":{"version":1}}'])
    readOrRefused(hostile)
})
