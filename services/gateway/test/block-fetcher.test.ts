import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { GetBlocksSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Peer } from '../src/peers/peer.ts'
import { BlockFetcher } from '../src/sync/block-fetcher.ts'
import type { TestPeer } from './test-peer.ts'
import { node, peerOf } from './two-parties.ts'
import { until } from './until.ts'

const asked = (peer: TestPeer): string[] =>
  peer
    .of(MessageType.GET_BLOCKS)
    .flatMap((frame) => fromBinary(GetBlocksSchema, frame.payload).hashes)
    .map(bytesToHex)
const hash = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const hashes = Array.from({ length: 20 }, (_, i) => hash(i + 1))

/** A fetcher over the peers of a hub, with a clock to set. */
function fetching(hub: Awaited<ReturnType<typeof node>>) {
  const clock = { now: 0, nowMs: () => clock.now }
  const late: Peer[] = []
  return { clock, late, fetcher: new BlockFetcher({ table: hub.table, clock, onLate: (peer) => late.push(peer) }) }
}

test('a block that one peer does not send is asked of another, and the first is told on once', async () => {
  await using hub = await node()
  const { clock, late, fetcher } = fetching(hub)
  const [lazy, other] = [await peerOf(hub), await peerOf(hub)]
  fetcher.want(lazy.near, hashes)
  // No more than sixteen on their way from one peer, in order, and none twice.
  await until('sixteen questions', () => asked(lazy.far).length === 16)
  fetcher.want(lazy.near, hashes)
  fetcher.came(lazy.near, hash(1))
  fetcher.want(lazy.near, hashes)
  await until('the next', () => asked(lazy.far).length === 17)
  assert.equal(new Set(asked(lazy.far)).size, 17)
  fetcher.judged(hash(1))
  assert.equal(fetcher.size, 19)
  clock.now = 30_000
  fetcher.tick()
  assert.deepEqual(late, [lazy.near])
  await until('the other peer is asked', () => asked(other.far).length === 16)
  // A peer that goes leaves nothing behind.
  other.near.connection.close('NOT_NEEDED')
  hub.table.remove(other.near)
  fetcher.forget(other.near)
  assert.equal(fetcher.size, 19)
})

test('a peer that sends some of what it was asked is not told on: it is slow, or one block was kept from it too', async () => {
  await using hub = await node()
  const { clock, late, fetcher } = fetching(hub)
  const [slow, other] = [await peerOf(hub), await peerOf(hub)]
  fetcher.want(slow.near, hashes.slice(0, 3))
  await until('three questions', () => asked(slow.far).length === 3)
  clock.now = 15_000
  fetcher.came(slow.near, hash(1))
  fetcher.judged(hash(1))
  clock.now = 21_000
  fetcher.tick()
  assert.deepEqual(late, [])
  await until('the other peer is asked', () => asked(other.far).length === 2)
  // For a while it comes after those who were not late, though it has the header.
  fetcher.want(slow.near, [hash(9)])
  await until('the other peer is asked once more', () => asked(other.far).length === 3)
  // Where it is the only one it is asked again.
  hub.table.remove(other.near)
  fetcher.forget(other.near)
  await until('the slow peer is asked', () => asked(slow.far).length === 4)
})

test('a question that does not leave makes nobody late', async () => {
  await using hub = await node({ sendQueueFrames: 1, sendQueueBytes: 200 })
  const { clock, late, fetcher } = fetching(hub)
  const peer = await peerOf(hub)
  // Nothing leaves within one turn of the event loop once the socket is full.
  while (peer.near.connection.send({ type: MessageType.JOB, payload: new Uint8Array(400_000) }));
  fetcher.want(peer.near, [hash(1)])
  clock.now = 30_000
  fetcher.tick()
  assert.deepEqual(late, [])
  await peer.near.connection.room()
  fetcher.tick()
  await until('the question', () => asked(peer.far).length === 1)
})
