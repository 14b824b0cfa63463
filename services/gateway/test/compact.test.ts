import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { decodeBlock, encodeTransaction, headerHash, type Transaction, txid } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { CompactBlockSchema, MessageType, SendCompactSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { BlockPeer, compactOf } from './block-peer.ts'
import { mineBlock } from './mine-block.ts'
import { pay } from './pay.ts'
import { KEEPER } from './relay.ts'
import { sharedNats } from './shared-nats.ts'
import { TestChain } from './test-chain.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

const WAIT_MS = 30_000
const MATURITY = 5
const stack = new AsyncDisposableStack()
let chain: TestChain
let gateway: TestGateway
let httpPort: number
/** Two peers that the gateway dialled, so that both announce by compact blocks. */
let one: BlockPeer
let two: BlockPeer
const rewards: Transaction[] = []

before(async () => {
  const nats = await sharedNats()
  stack.defer(() => nats.stop())
  one = stack.use(await BlockPeer.listen())
  two = stack.use(await BlockPeer.listen())
  httpPort = await freePort()
  const seeds = [one, two].map(({ port }) => `127.0.0.1:${port}`).join(',')
  gateway = stack.use(await TestGateway.prepare({ SEEDS: seeds, HTTP_PORT: String(httpPort) }))
  chain = stack.use(await TestChain.prepare(gateway.name))
  await chain.start()
  for (let height = 1; height <= 14; height++) {
    const block = await mineBlock(chain)
    await chain.client.submitBlock({ block })
    rewards.push(...decodeBlock(block).transactions.slice(0, 1))
  }
  await gateway.start({ CHAIN_URL: chain.url })
  for (const peer of [one, two]) {
    await until('the wish for compact blocks', () => peer.of(MessageType.SEND_COMPACT).length > 0, WAIT_MS)
    const [wish] = peer.of(MessageType.SEND_COMPACT)
    assert.equal(fromBinary(SendCompactSchema, wish?.payload ?? new Uint8Array()).announce, true)
  }
  await until(
    'the stream to the chain',
    async () => {
      const ready = await fetch(`http://127.0.0.1:${httpPort}/readyz`)
      return !JSON.stringify(await ready.json()).includes('stream to the chain')
    },
    WAIT_MS,
  )
})

after(() => stack.disposeAsync())

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

async function score(peer: BlockPeer): Promise<number | undefined> {
  const { peers } = await gateway.client.listPeers({})
  return peers.find(({ h2 }) => equalBytes(h2, peer.identity.h2))?.score
}

async function bytesIn(type: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  const line = text
    .split('\n')
    .find((each) => each.startsWith('camelid_p2p_bytes_total') && each.includes(`direction="in",type="${type}"`))
  return Number(line?.split(' ').at(-1) ?? 0)
}

const questions = (peer: BlockPeer) =>
  [MessageType.GET_BLOCKS, MessageType.GET_BLOCK_TRANSACTIONS].map((type) => peer.of(type).length)

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
  assert.ok((await bytesIn('COMPACT_BLOCK')) < raw.length / 2)
  assert.equal(await bytesIn('BLOCK'), 0)
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
  assert.equal(await bytesIn('BLOCK'), 0)
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
  assert.ok((await bytesIn('BLOCK')) > raw.length)
  assert.equal(await score(one), 0)
  const last = one.of(MessageType.SEND_COMPACT).at(-1)
  assert.equal(fromBinary(SendCompactSchema, last?.payload ?? new Uint8Array()).announce, false)
})

test('who keeps back what its compact block lacks pays a little, and the block comes all the same', async () => {
  two.withholds = true
  const raw = await mine([spend()])
  two.announce(compactOf(raw))
  await until('the question', () => two.of(MessageType.GET_BLOCK_TRANSACTIONS).length > 0, WAIT_MS)
  await taken(raw)
  assert.ok(((await score(two)) ?? 0) > 0)
})

test('a compact block without work ends the peer that sent it, and so does one that nobody asked for', async () => {
  const raw = await mine()
  const idle = Uint8Array.from(raw)
  idle[76] = (idle[76] ?? 0) ^ 1
  const stranger = await gateway.dial(KEEPER)
  stranger.connection.send({ type: MessageType.COMPACT_BLOCK, payload: compactOf(raw) })
  assert.equal(await stranger.connection.closed, 'REFUSED')
  const { connection } = two
  two.announce(compactOf(raw, undefined, idle.slice(0, 80)))
  await until('the end of the line', () => connection?.reason, WAIT_MS)
  const { bans } = await gateway.client.listBans({})
  assert.ok(bans.length > 0)
})
