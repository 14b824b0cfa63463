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
const hashes = Array.from({ length: 40 }, (_, i) => hash(i + 1))
/** Blocks in a row: the n-th builds on the one before it. */
const block = (peer: Peer, n: number, bytes = 100) => ({
  peer,
  hash: hash(n),
  prevHash: hash(n - 1),
  raw: new Uint8Array(bytes),
})
const path = (count: number, pathEpoch = 0) => ({
  wanted: hashes.slice(0, count),
  wantedHeights: hashes.slice(0, count).map((_, i) => i + 1),
  pathEpoch,
})

/** A fetcher over the peers of a hub, with a clock to set. */
function fetching(hub: Awaited<ReturnType<typeof node>>) {
  const clock = { now: 0, nowMs: () => clock.now }
  const stalled: Peer[] = []
  const came: number[] = []
  const fetcher = new BlockFetcher({
    table: hub.table,
    clock,
    onBlock: ({ hash: [first = 0] }) => came.push(first),
    onStalled: (peer) => stalled.push(peer),
  })
  return { clock, stalled, came, fetcher }
}

test('blocks are asked of all that have them, none twice, and go to the chain in order', async () => {
  await using hub = await node()
  const { came, fetcher } = fetching(hub)
  const [one, two] = [await peerOf(hub), await peerOf(hub)]
  fetcher.reaches(one.near, 40, 0)
  fetcher.reaches(two.near, 20, 0)
  fetcher.wantPath(path(40))
  fetcher.wantPath(path(40))
  await until('the questions', () => asked(one.far).length === 16 && asked(two.far).length === 10)
  assert.equal(new Set([...asked(one.far), ...asked(two.far)]).size, 26)
  assert.ok(asked(two.far).every((key) => Number.parseInt(key.slice(0, 2), 16) <= 20))
  for (const n of [3, 2, 1, 5, 4]) fetcher.came(block(one.near, n))
  assert.deepEqual(came, [1, 2, 3, 4, 5])
  // It came before: not once more, neither before nor after it was judged.
  fetcher.came(block(two.near, 3))
  for (const n of [1, 2, 3, 4, 5]) fetcher.judged(hash(n))
  fetcher.came(block(two.near, 3))
  assert.equal(came.length, 5)
  assert.equal(fetcher.size, 35)
})

test('what a silent peer was asked is asked of others, and it is told on, where others send', async () => {
  await using hub = await node()
  const { clock, stalled, fetcher } = fetching(hub)
  const [silent, other] = [await peerOf(hub), await peerOf(hub)]
  for (const { near } of [silent, other]) fetcher.reaches(near, 40, 0)
  fetcher.wantPath(path(20))
  await until('both are asked', () => asked(silent.far).length + asked(other.far).length === 20)
  const first = [...asked(silent.far)]
  clock.now = 500
  for (const key of asked(other.far)) fetcher.came(block(other.near, Number.parseInt(key.slice(0, 2), 16)))
  clock.now = 2_500
  fetcher.tick()
  await until('the other is asked for the rest', () => first.every((key) => asked(other.far).includes(key)))
  // It may be our own line, until another sends what this one did not.
  assert.deepEqual(stalled, [])
  for (const key of first) fetcher.came(block(other.near, Number.parseInt(key.slice(0, 2), 16)))
  assert.deepEqual(stalled, [silent.near])
  assert.deepEqual(fetcher.slow, [silent.near.h2Hex])
  // For a while it comes after those who send.
  fetcher.wantPath(path(21))
  await until('the new one', () => asked(other.far).includes(bytesToHex(hash(21))))
  // Where it is the only one it is asked again.
  hub.table.remove(other.near)
  fetcher.forget(other.near)
  fetcher.wantPath(path(22))
  await until('the slow peer is asked', () => asked(silent.far).includes(bytesToHex(hash(22))))
})

test('where nobody sends anything it may be our own line: all are waited for longer, and nobody is told on', async () => {
  await using hub = await node()
  const { clock, stalled, fetcher } = fetching(hub)
  const [one] = [await peerOf(hub)]
  fetcher.reaches(one.near, 40, 0)
  fetcher.wantPath(path(2))
  await until('the question', () => asked(one.far).length === 2)
  clock.now = 2_000
  fetcher.tick()
  assert.deepEqual(stalled, [])
  // In time it is asked again.
  clock.now = 20_000
  fetcher.tick()
  await until('the question once more', () => asked(one.far).length === 4)
  clock.now = 23_000
  fetcher.tick()
  assert.equal(asked(one.far).length, 4)
})

test('blocks that wait for a parent take bounded space, and those of another branch than the best are let go', async () => {
  await using hub = await node()
  const { came, fetcher } = fetching(hub)
  const one = await peerOf(hub)
  fetcher.reaches(one.near, 40, 0)
  fetcher.wantPath(path(20))
  for (let n = 2; n <= 20; n++) fetcher.came(block(one.near, n, 4_000_000))
  assert.ok(fetcher.heldBytes > 40_000_000 && fetcher.heldBytes <= 48 * 1024 * 1024)
  assert.deepEqual(came, [])
  // The best header is of another branch: what was held of this one goes to the chain, which knows its headers.
  fetcher.wantPath({ wanted: [hash(30)], wantedHeights: [1], pathEpoch: 1 })
  assert.equal(fetcher.heldBytes, 0)
  assert.ok(came.length > 10)
  for (const n of came) fetcher.judged(hash(n))
  assert.equal(fetcher.size, 1)
})

test('a question that does not leave makes nobody late', async () => {
  await using hub = await node({ sendQueueFrames: 1, sendQueueBytes: 200 })
  const { clock, stalled, fetcher } = fetching(hub)
  const peer = await peerOf(hub)
  // Nothing leaves within one turn of the event loop once the socket is full.
  while (peer.near.connection.send({ type: MessageType.JOB, payload: new Uint8Array(400_000) }));
  fetcher.want(peer.near, [hash(1)])
  clock.now = 30_000
  fetcher.tick()
  assert.deepEqual(stalled, [])
  await peer.near.connection.room()
  fetcher.tick()
  await until('the question', () => asked(peer.far).length === 1)
})

test('what a peer that sends too little owes for long is asked of others, and of it fewer at once', async () => {
  await using hub = await node()
  const { clock, stalled, fetcher } = fetching(hub)
  const [slow, other] = [await peerOf(hub), await peerOf(hub)]
  for (const { near } of [slow, other]) fetcher.reaches(near, 40, 0)
  fetcher.wantPath(path(40))
  await until('both are asked', () => asked(slow.far).length === 16 && asked(other.far).length === 16)
  const first = [...asked(slow.far)]
  const numbers = (peer: TestPeer): number[] => asked(peer).map((key) => Number.parseInt(key.slice(0, 2), 16))
  for (const n of numbers(other.far)) fetcher.came(block(other.near, n))
  // Never silent for long, and yet far behind.
  for (clock.now = 1_500; clock.now <= 4_500; clock.now += 1_500) {
    fetcher.came(block(slow.near, numbers(slow.far)[clock.now / 1_500 - 1] ?? 0))
    const [n = 0] = numbers(other.far).slice(-1)
    fetcher.came(block(other.near, n))
    fetcher.tick()
  }
  const late = first.slice(3)
  await until('the other is asked for what is late', () => late.every((key) => asked(other.far).includes(key)))
  assert.deepEqual(stalled, [])
})

test('the block that holds up all others is soon asked of another, though its peer is not silent', async () => {
  await using hub = await node()
  const { clock, stalled, fetcher } = fetching(hub)
  const [slow, other] = [await peerOf(hub), await peerOf(hub)]
  fetcher.reaches(slow.near, 40, 0)
  fetcher.wantPath(path(40))
  await until('the first is asked', () => asked(slow.far).length === 16)
  fetcher.reaches(other.near, 40, 0)
  await until('the second is asked', () => asked(other.far).length === 16)
  // They are small: a second is long for the one that they wait for.
  for (let n = 17; n <= 32; n++) fetcher.came(block(other.near, n))
  for (clock.now = 400; clock.now <= 1_200; clock.now += 400) {
    fetcher.came(block(slow.near, clock.now / 400))
    fetcher.tick()
  }
  await until('the other is asked for the rest', () => asked(other.far).includes(bytesToHex(hash(4))))
  assert.deepEqual(stalled, [])
})
