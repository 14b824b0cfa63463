import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Reachability } from './reachability.ts'

const from = (host: string) => ({ host, port: 40_000 })

test('a node learns its address from parts of the network that agree, and tells of itself once somebody came in', () => {
  let nowMs = 1_000
  const one = new Reachability({ clock: { nowMs: () => nowMs }, network: 'main', port: 7331 })
  // One part of the network is one voice, however many peers of it speak; private addresses are none.
  for (let i = 0; i < 9; i++) one.seenAt('6.6.6.6', from(`66.6.0.${i}`))
  one.seenAt('192.168.0.2', from('9.9.9.9'))
  one.seenAt(undefined, from('9.9.9.9'))
  assert.equal(one.reach.host, undefined)
  one.seenAt('8.8.8.8', from('20.1.0.1'))
  one.seenAt('8.8.8.8', from('20.2.0.1'))
  assert.deepEqual([one.reach.host, one.advertised], ['8.8.8.8', undefined])
  // Not from our own house, nor from ourselves.
  one.cameIn(from('192.168.0.7'))
  one.cameIn(from('127.0.0.1'))
  one.cameIn(from('8.8.8.8'))
  assert.equal(one.reach.reachable, false)
  one.cameIn(from('30.1.0.1'))
  assert.deepEqual(one.advertised, { host: '8.8.8.8', port: 7331 })
  nowMs += 2 * 86_400_000
  assert.deepEqual([one.reach.reachable, one.reach.reachedMs, one.advertised], [false, 1_000, undefined])
})

test('on one machine a single peer is enough', () => {
  const one = new Reachability({ clock: { nowMs: () => 1 }, network: 'local', port: 7331 })
  one.seenAt('127.0.0.1', from('127.0.0.1'))
  one.cameIn(from('127.0.0.1'))
  assert.deepEqual(one.advertised, { host: '127.0.0.1', port: 7331 })
})
