import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { networkParams } from '@camelid/consensus'
import { generatePrivateKey } from '@camelid/crypto'
import { dialPeer, type Identity, identityOf, listenPeers, type PeerConnection, Services } from '@camelid/p2p'
import { GetBlocksSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { Peer } from '../src/peers/peer.ts'
import { PeerTable } from '../src/peers/peer-table.ts'
import { BlockFetcher } from '../src/sync/block-fetcher.ts'
import { silent, TestPeer, until } from './harness.ts'

const params = networkParams('local')

function options(identity: Identity) {
  return {
    identity,
    params,
    services: Services.CHAIN,
    agent: 'test/1',
    getStatus: () => ({ height: 0, work: new Uint8Array(0) }),
    log: silent,
  }
}

/** A party that listens, with a table of its peers. */
async function node() {
  const identity = identityOf(generatePrivateKey())
  const table = new PeerTable({ identity, magic: params.magic, metrics: { dropped: () => undefined } })
  const take = (connection: PeerConnection): Peer => {
    const peer = new Peer(connection, 0)
    table.add(peer)
    void connection.closed.then(() => table.remove(peer))
    return peer
  }
  const listener = await listenPeers({
    ...options(identity),
    host: '127.0.0.1',
    port: 0,
    onConnection: (connection) => {
      take(connection)
    },
  })
  return {
    identity,
    table,
    listener,
    async dial(port: number): Promise<Peer> {
      return take(await dialPeer({ ...options(identity), host: '127.0.0.1', port }))
    },
    async [Symbol.asyncDispose]() {
      table.closeAll()
      await listener[Symbol.asyncDispose]()
    },
  }
}

test('two who dial each other at once end with one connection, the same one', async () => {
  for (let round = 0; round < 4; round++) {
    await using one = await node()
    await using two = await node()
    await Promise.all([one.dial(two.listener.port), two.dial(one.listener.port)])
    await until('one connection on both sides', () => {
      const [a, b] = [one.table.list(), two.table.list()]
      const settled = [...a, ...b].every((peer) => peer.connection.reason === undefined)
      return settled && a.length === 1 && b.length === 1 && a[0]?.connection.inbound !== b[0]?.connection.inbound
    })
    const smallerDialled = Buffer.compare(one.identity.publicKey, two.identity.publicKey) < 0 ? one : two
    assert.equal(smallerDialled.table.list()[0]?.connection.inbound, false)
  }
})

test('a block that one peer does not send is asked of another, and the first is told on', async () => {
  await using hub = await node()
  let nowMs = 0
  const late: Peer[] = []
  const fetcher = new BlockFetcher({
    table: hub.table,
    clock: { nowMs: () => nowMs },
    onLate: (peer) => late.push(peer),
  })
  const dial = async (): Promise<{ far: TestPeer; near: Peer }> => {
    const identity = identityOf(generatePrivateKey())
    const far = new TestPeer(await dialPeer({ ...options(identity), host: '127.0.0.1', port: hub.listener.port }))
    return { far, near: await until('the peer', () => hub.table.get(identity.h2)) }
  }
  const [lazy, other] = [await dial(), await dial()]
  const asked = (peer: TestPeer): string[] =>
    peer
      .of(MessageType.GET_BLOCKS)
      .flatMap((frame) => fromBinary(GetBlocksSchema, frame.payload).hashes)
      .map((hash) => Buffer.from(hash).toString('hex'))
  const hashes = Array.from({ length: 20 }, (_, i) => new Uint8Array(32).fill(i + 1))
  fetcher.want(lazy.near, hashes)
  // No more than sixteen on their way from one peer, in order, and none twice.
  await until('sixteen questions', () => asked(lazy.far).length === 16)
  fetcher.want(lazy.near, hashes)
  const [first = new Uint8Array(0)] = hashes
  fetcher.came(first)
  fetcher.want(lazy.near, hashes)
  await until('the next', () => asked(lazy.far).length === 17)
  assert.equal(new Set(asked(lazy.far)).size, 17)
  fetcher.judged(first)
  assert.equal(fetcher.size, 19)
  nowMs = 30_000
  fetcher.tick()
  assert.equal(late.length, 16)
  assert.ok(late.every((peer) => peer === lazy.near))
  await until('the other peer is asked', () => asked(other.far).length === 16)
  // A peer that goes leaves nothing behind.
  other.near.connection.close('NOT_NEEDED')
  hub.table.remove(other.near)
  fetcher.forget(other.near)
  assert.equal(fetcher.size, 19)
})
