import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex, sha256d } from '@camelid/crypto'
import { GetBlocksSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { type BlockPeer, compactOf } from './block-peer.ts'
import { CompactFarm, questions, WAIT_MS } from './compact-farm.ts'
import { longChain } from './long-chain.ts'
import { until } from './until.ts'

/** As many as a peer may announce before one of them is looked at. */
const BURST = 16
const TOP = BURST + 8
const { headers, blocks } = longChain(TOP)

let farm: CompactFarm
let one: BlockPeer
let two: BlockPeer

before(async () => {
  farm = await CompactFarm.start()
  ;[one, two] = farm.peers
  for (const peer of farm.peers) for (const block of blocks) peer.has(block)
})

after(() => farm[Symbol.asyncDispose]())

/** Announces the block at this height by a compact one. */
function announce(peer: BlockPeer, height: number): void {
  const block = blocks[height - 1]
  assert.ok(block)
  peer.announce(compactOf(block))
}

test('a burst of blocks announced child before parent is taken whole, and no block of it is asked for in full', async () => {
  one.headers = headers.slice(0, BURST)
  for (let height = BURST; height > 0; height--) announce(one, height)
  await farm.chain.reach(BURST, WAIT_MS)
  for (const peer of [one, two]) assert.deepEqual([questions(peer), await farm.score(peer)], [[0, 0], 0])
  assert.equal(await farm.bytesIn('BLOCK'), 0)
})

test('where the parent was not announced its header leads to it, and only that one is asked for in full', async () => {
  one.headers = headers.slice(0, BURST + 6)
  for (let height = BURST + 6; height > BURST + 1; height--) announce(one, height)
  await farm.chain.reach(BURST + 6, WAIT_MS)
  const asked = farm.peers
    .flatMap((peer) => peer.of(MessageType.GET_BLOCKS))
    .flatMap(({ payload }) => fromBinary(GetBlocksSchema, payload).hashes.map(bytesToHex))
  assert.deepEqual(asked, [bytesToHex(sha256d(headers[BURST] ?? new Uint8Array()))])
  assert.deepEqual([await farm.score(one), await farm.score(two)], [0, 0])
})

test('who announces a block and does not tell what leads to it holds up nobody who does', async () => {
  const before = questions(one)
  one.headers = undefined
  two.headers = headers
  const asked = one.of(MessageType.GET_HEADERS).length
  announce(one, TOP)
  await until('the question for headers', () => one.of(MessageType.GET_HEADERS).length > asked, WAIT_MS)
  announce(two, TOP - 1)
  announce(two, TOP)
  await farm.chain.reach(TOP, WAIT_MS)
  assert.deepEqual([questions(one), questions(two)], [before, [0, 0]])
  assert.equal(await farm.score(two), 0)
})
