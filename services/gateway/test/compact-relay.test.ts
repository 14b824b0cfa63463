import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { MessageType, SendCompactSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { CompactRelay } from '../src/compact/compact-relay.ts'
import type { TestPeer } from './test-peer.ts'
import { node, peerOf } from './two-parties.ts'
import { until } from './until.ts'

const wishes = (peer: TestPeer): boolean[] =>
  peer.of(MessageType.SEND_COMPACT).map(({ payload }) => fromBinary(SendCompactSchema, payload).announce)

test('a block is looked up for one peer at a time, and for another only where the first keeps us waiting', async () => {
  await using hub = await node()
  const clock = { now: 0, nowMs: () => clock.now }
  const relay = new CompactRelay(clock)
  const [a, b, c, d] = [await peerOf(hub), await peerOf(hub), await peerOf(hub), await peerOf(hub)].map(
    ({ near }) => near,
  )
  assert.ok(a && b && c && d)
  assert.equal(relay.begin('x', a), true)
  assert.equal(relay.begin('x', a), false)
  relay.looking('x', true)
  assert.equal(relay.begin('x', b), false)
  relay.looking('x', false)
  assert.deepEqual(
    [b, c, d].map((peer) => relay.begin('x', peer)),
    [true, true, false],
  )
  for (const peer of [a, b, c]) {
    assert.equal(relay.isBusy('x'), true)
    relay.end('x', peer)
  }
  assert.equal(relay.isBusy('x'), false)
  relay.done('x')
  assert.equal(relay.isBusy('x'), true)
  clock.now = 60_000
  assert.equal(relay.isBusy('x'), false)
})

test('three peers announce by compact blocks: who brought one lately, and no longer who is sent away', async () => {
  await using hub = await node()
  const relay = new CompactRelay({ nowMs: () => 0 })
  const peers = [await peerOf(hub), await peerOf(hub), await peerOf(hub), await peerOf(hub)]
  for (const { near } of peers) relay.brought(near)
  const expected = [[true, false], [true], [true], [true]]
  await until('their wishes', () => peers.every(({ far }, i) => wishes(far).length === expected[i]?.length))
  assert.deepEqual(
    peers.map(({ far }) => wishes(far)),
    expected,
  )
  const [, second] = peers
  assert.ok(second)
  relay.forget(second.near)
  await until('the last word', () => wishes(second.far).length === 2)
  assert.equal(wishes(second.far)[1], false)
})
