import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hash } from '../testing/arbitraries.ts'
import { displayHash, parseDisplayHash } from './display-hash.ts'

test('people see a hash reversed, and what they type is turned back', () => {
  fc.assert(fc.property(hash, (bytes) => assert.deepEqual(parseDisplayHash(displayHash(bytes)), bytes)))
  assert.match(displayHash(Uint8Array.of(1, ...new Uint8Array(31))), /^0{63}1$|^0{62}01$/)
  for (const text of ['', 'ab', 'g'.repeat(64), 'a'.repeat(65)]) {
    assert.throws(() => parseDisplayHash(text), { code: 'BAD_HEX' })
  }
})
