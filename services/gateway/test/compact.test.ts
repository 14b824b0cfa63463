import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { decodeBlock, encodeTransaction, headerHash, type Transaction, txid } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { CompactBlockSchema, MessageType, SendCompactSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { type BlockPeer, compactOf } from './block-peer.ts'
import { CompactFarm, questions, WAIT_MS } from './compact-farm.ts'
import { mineBlock } from './mine-block.ts'
import { pay } from './pay.ts'
import { KEEPER } from './relay.ts'
import type { TestChain } from './test-chain.ts'
import { until } from './until.ts'

const MATURITY = 5
let farm: CompactFarm
let chain: TestChain
let one: BlockPeer
let two: BlockPeer
const rewards: Transaction[] = []

before(async () => {
  farm = await CompactFarm.start(async (empty) => {
    for (let height = 1; height <= 14; height++) {
      const block = await mineBlock(empty)
      await empty.client.submitBlock({ block })
      rewards.push(...decodeBlock(block).transactions.slice(0, 1))
    }
  })
  chain = farm.chain
  ;[one, two] = farm.peers
})

after(() => farm[Symbol.asyncDispose]())

/** Spends the next mature reward. */
function spend(): Transaction {
  const reward = rewards.shift()
  const value = reward?.vout[0]?.value
  assert.ok(reward !== undefined && value !== undefined && rewards.length >= MATURITY)
  return pay({ txid: txid(reward), index: 0 }, [value - 10_000n])
}

async function submit(transaction: Transaction): Promise<void> {
  await chain.client.submitTransaction({ transaction: encodeTransaction(transaction) })
}

/** A block of what is in the mempool and of `more`, in the hands of both peers. */
async function mine(more: readonly Transaction[] = []): Promise<Uint8Array> {
  const raw = await mineBlock(chain, more)
  for (const peer of [one, two]) peer.has(raw)
  return raw
}

const taken = (raw: Uint8Array) =>
  until(
    'the block to be the tip',
    async () => {
      const { tip } = await chain.client.getTip({})
      return equalBytes(tip?.hash ?? new Uint8Array(), headerHash(decodeBlock(raw).header))
    },
    WAIT_MS,
  )

test('a block whose transactions the mempool has is taken without one of them being sent, and passed on compact', async () => {
  two.wantCompact()
  for (const transaction of [spend(), spend(), spend()]) await submit(transaction)
  const raw = await mine()
  one.announce(compactOf(raw))
  await taken(raw)
  await until('the block passed on', () => two.of(MessageType.COMPACT_BLOCK).length === 1, WAIT_MS)
  const [passed] = two.of(MessageType.COMPACT_BLOCK)
  const { header, nonce } = fromBinary(CompactBlockSchema, passed?.payload ?? new Uint8Array())
  assert.equal(bytesToHex(header), bytesToHex(raw.slice(0, 80)))
  assert.notEqual(nonce, 9n)
  assert.deepEqual(
    [questions(one), questions(two)],
    [
      [0, 0],
      [0, 0],
    ],
  )
  assert.ok((await farm.bytesIn('COMPACT_BLOCK')) < raw.length / 2)
  assert.equal(await farm.bytesIn('BLOCK'), 0)
})

test('what the mempool lacks is asked for by its place', async () => {
  await submit(spend())
  const raw = await mine([spend()])
  one.announce(compactOf(raw))
  await taken(raw)
  assert.deepEqual(
    [questions(one), questions(two)],
    [
      [0, 1],
      [0, 0],
    ],
  )
  assert.equal(await farm.bytesIn('BLOCK'), 0)
})

test('a short id that stands for another transaction leads to the full block, and nobody is blamed', async () => {
  const [known, meant] = [spend(), spend()]
  const raw = await mine([meant])
  await submit(known)
  one.announce(compactOf(raw, [txid(known)]))
  await taken(raw)
  assert.deepEqual(
    questions(one)
      .concat(questions(two))
      .reduce((sum, count) => sum + count, 0),
    2,
  )
  assert.ok((await farm.bytesIn('BLOCK')) > raw.length)
  assert.equal(await farm.score(one), 0)
  const last = one.of(MessageType.SEND_COMPACT).at(-1)
  assert.equal(fromBinary(SendCompactSchema, last?.payload ?? new Uint8Array()).announce, false)
})

test('who keeps back what its compact block lacks pays a little, and the block comes all the same', async () => {
  two.withholds = true
  const raw = await mine([spend()])
  two.announce(compactOf(raw))
  await until('the question', () => two.of(MessageType.GET_BLOCK_TRANSACTIONS).length > 0, WAIT_MS)
  await taken(raw)
  assert.ok(((await farm.score(two)) ?? 0) > 0)
})

test('a compact block without work ends the peer that sent it, and so does one that nobody asked for', async () => {
  const raw = await mine()
  const idle = Uint8Array.from(raw)
  idle[76] = (idle[76] ?? 0) ^ 1
  const stranger = await farm.gateway.dial(KEEPER)
  stranger.connection.send({ type: MessageType.COMPACT_BLOCK, payload: compactOf(raw) })
  assert.equal(await stranger.connection.closed, 'REFUSED')
  const { connection } = two
  two.announce(compactOf(raw, undefined, idle.slice(0, 80)))
  await until('the end of the line', () => connection?.reason, WAIT_MS)
  const { bans } = await farm.gateway.client.listBans({})
  assert.ok(bans.length > 0)
})
