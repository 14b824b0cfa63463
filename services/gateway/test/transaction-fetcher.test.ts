import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { GetTransactionsSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { TransactionFetcher } from '../src/sync/transaction-fetcher.ts'
import type { TestPeer } from './test-peer.ts'
import { node, peerOf } from './two-parties.ts'
import { until } from './until.ts'

const asked = (peer: TestPeer): string[] =>
  peer
    .of(MessageType.GET_TRANSACTIONS)
    .flatMap((frame) => fromBinary(GetTransactionsSchema, frame.payload).txids)
    .map(bytesToHex)
/** A txid in hex. */
const key = (n: number): string => n.toString(16).padStart(64, '0')

function fetching(hub: Awaited<ReturnType<typeof node>>) {
  const clock = { now: 0, nowMs: () => clock.now }
  return { clock, fetcher: new TransactionFetcher({ table: hub.table, clock }) }
}

test('a transaction is asked of one peer; where it keeps it back, of the next that announced it', async () => {
  await using hub = await node()
  const { clock, fetcher } = fetching(hub)
  const [rascal, gone, honest] = [await peerOf(hub), await peerOf(hub), await peerOf(hub)]
  for (const { near } of [rascal, gone, honest]) fetcher.heard(near, [key(1), key(2)])
  await until('the first question', () => asked(rascal.far).length === 2)
  fetcher.came(key(2))
  hub.table.remove(gone.near)
  fetcher.forget(gone.near)
  clock.now = 4_000
  fetcher.tick()
  assert.deepEqual(asked(honest.far), [])
  clock.now = 5_000
  fetcher.tick()
  await until('the question to the next', () => asked(honest.far).length === 1)
  assert.deepEqual([asked(honest.far), asked(gone.far)], [[key(1)], []])
  fetcher.took(key(1))
  assert.equal(fetcher.size, 0)
  fetcher.heard(honest.near, [key(1), key(2)])
  assert.equal(fetcher.size, 0)
})

test('what a peer that goes was asked for is asked of others at once, and given up where there are none', async () => {
  await using hub = await node()
  const { clock, fetcher } = fetching(hub)
  const [first, second] = [await peerOf(hub), await peerOf(hub)]
  fetcher.heard(first.near, [key(1), key(2)])
  fetcher.heard(second.near, [key(1)])
  hub.table.remove(first.near)
  fetcher.forget(first.near)
  await until('the question to the other', () => asked(second.far).length === 1)
  assert.deepEqual([asked(second.far), fetcher.size], [[key(1)], 1])
  // Announced anew it is asked for anew, and one that was refused only after a while.
  fetcher.heard(second.near, [key(2)])
  fetcher.came(key(2))
  fetcher.heard(second.near, [key(2)])
  assert.equal(fetcher.size, 1)
  clock.now = 30_000
  fetcher.heard(second.near, [key(2)])
  assert.equal(fetcher.size, 2)
})

test('announcements that come to nothing take bounded room', async () => {
  await using hub = await node()
  const { fetcher } = fetching(hub)
  const [flood, other] = [await peerOf(hub), await peerOf(hub)]
  for (let at = 0; at < 5_000; at += 500) {
    const keys = Array.from({ length: 500 }, (_, i) => key(at + i))
    fetcher.heard(flood.near, keys)
    fetcher.heard(flood.near, keys)
  }
  assert.equal(fetcher.size, 1_000)
  fetcher.heard(other.near, [key(4_999)])
  assert.equal(fetcher.size, 1_001)
})
