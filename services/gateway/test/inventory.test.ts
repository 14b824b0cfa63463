import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { InventorySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { Inventory } from '../src/relay/inventory.ts'
import type { TestPeer } from './test-peer.ts'
import { node, peerOf } from './two-parties.ts'
import { until } from './until.ts'

const txid = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const told = (peer: TestPeer): number[][] =>
  peer
    .of(MessageType.INVENTORY)
    .map(({ payload }) => fromBinary(InventorySchema, payload).txids.map((one) => one[0] ?? 0))

test('a transaction alone is told at once, those that follow together, and not to who knows many of them', async () => {
  await using hub = await node()
  const stop = new AbortController()
  const inventory = new Inventory({ peers: hub.table, signal: stop.signal })
  const [one, two] = [await peerOf(hub), await peerOf(hub)]
  inventory.knows(two.near, bytesToHex(txid(2)))
  inventory.tell([txid(1)])
  await until('the first', () => told(one.far).length === 1)
  for (const n of [2, 3, 1, 4]) inventory.tell([txid(n)])
  await until('the rest', () => told(one.far).flat().length === 4 && told(two.far).flat().length === 3)
  assert.deepEqual(told(one.far).flat(), [1, 2, 3, 4])
  assert.deepEqual(told(two.far).flat(), [1, 3, 4])
  // A reorganisation brought it back: who was parted from us may never have heard of it.
  inventory.forgetTold()
  inventory.tell([txid(1)])
  await until('the first once more', () => told(one.far).flat().length === 5 && told(two.far).flat().length === 4)
  // One among many is not worth bytes of its own.
  inventory.knows(two.near, bytesToHex(txid(5)))
  inventory.tell([5, 6, 7, 8].map(txid))
  await until('all to both', () => [one, two].every(({ far }) => told(far).flat().length >= 8))
  assert.deepEqual(told(two.far).flat().slice(-4), [5, 6, 7, 8])
  stop.abort()
  inventory.tell([txid(9)])
  assert.ok(told(one.far).length <= 5)
})
