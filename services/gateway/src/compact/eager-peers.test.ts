import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withBringer } from './eager-peers.ts'

const peer = (name: string, inbound: boolean) => ({ name, connection: { inbound } })
const [a, b, c, d] = [peer('a', true), peer('b', true), peer('c', false), peer('d', true)]

test('who brought the last block comes first, and the last of too many goes', () => {
  assert.deepEqual(withBringer([], a, 3), [a])
  assert.deepEqual(withBringer([a, c, b], b, 3), [b, a, c])
  assert.deepEqual(withBringer([c, a, b], d, 3), [d, c, a])
})

test('the only one that was dialled stays', () => {
  assert.deepEqual(withBringer([a, b, c], d, 3), [d, a, c])
  assert.deepEqual(withBringer([a, b, d], c, 3), [c, a, b])
})
