import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCoded } from '@camelid/errors'
import fc from 'fast-check'
import { requireFilter, requireSubject, scopeOf, subjectMatches } from './subjects.ts'

test('a filter matches as NATS matches', () => {
  assert.ok(subjectMatches('chain.block.connected', 'chain.block.connected'))
  assert.ok(subjectMatches('chain.*.connected', 'chain.block.connected'))
  assert.ok(subjectMatches('chain.>', 'chain.block.connected'))
  assert.ok(!subjectMatches('chain.>', 'chain'))
  assert.ok(!subjectMatches('chain.block', 'chain.block.connected'))
  assert.ok(!subjectMatches('chain.block.connected', 'chain.block'))
  assert.ok(!subjectMatches('*.block', 'chain.tx'))
})

const token = fc.stringMatching(/^[a-z0-9_-]{1,10}$/)

test('a subject matches itself, and itself with any token replaced by a star', () => {
  fc.assert(
    fc.property(fc.array(token, { minLength: 1, maxLength: 5 }), fc.nat(4), (tokens, at) => {
      const subject = tokens.join('.')
      assert.ok(subjectMatches(subject, subject))
      assert.ok(
        subjectMatches(tokens.map((one, index) => (index === at % tokens.length ? '*' : one)).join('.'), subject),
      )
    }),
  )
})

test('wildcards, spaces and empty tokens cannot be published to', () => {
  for (const bad of ['', 'a..b', 'a.*', 'a.>', 'a b', 'a.\r\nPUB x', '>', 'ä'])
    assert.throws(
      () => requireSubject(bad),
      (error) => isCoded(error) && error.code === 'BAD_SUBJECT',
    )
  for (const bad of ['', 'a.>.b', 'a b']) assert.throws(() => requireFilter(bad))
  assert.throws(() => scopeOf('local', 'farm.*'))
  assert.equal(scopeOf('local', 'farm').prefix, 'local.farm.')
})
