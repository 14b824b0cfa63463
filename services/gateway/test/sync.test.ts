import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  decodeHeader,
  encodeAddress,
  encodeTransaction,
  headerHash,
  NULL_JOB_ID,
  type Transaction,
  txid,
} from '@camelid/codec'
import { merkleRootFromBranch, p2pkhScript } from '@camelid/consensus'
import { bytesToHex, sha256d } from '@camelid/crypto'
import type { ServiceProcess } from '@camelid/local/testing'
import { P2pError, questions, request, Services, submit } from '@camelid/p2p'
import {
  HeadersSchema,
  InventorySchema,
  MessageType,
  Outcome,
  TransactionSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { PAYOUT, pay } from './pay.ts'
import { sharedNats } from './shared-nats.ts'
import { TestChain } from './test-chain.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

/** Two whole nodes, each with its own chain; `far` knows `near` as its seed. */
let near: { gateway: TestGateway; chain: TestChain }
let far: { gateway: TestGateway; chain: TestChain }
let miner: ServiceProcess
const TIMEOUT = { timeoutMs: 10_000 }

/** Whatever was started, so that it ends also where starting failed half-way. */
const stack = new AsyncDisposableStack()

async function farm(seeds: string): Promise<{ gateway: TestGateway; chain: TestChain }> {
  const gateway = stack.use(await TestGateway.prepare({ SEEDS: seeds }))
  const chain = stack.use(await TestChain.prepare(gateway.name))
  await chain.start()
  await gateway.start({ CHAIN_URL: chain.url })
  return { gateway, chain }
}

before(async () => {
  const nats = await sharedNats()
  stack.defer(() => nats.stop())
  near = await farm('')
  miner = stack.use(near.chain.startMiner(encodeAddress(PAYOUT)))
  await near.chain.reach(8)
  far = await farm(`127.0.0.1:${near.gateway.port}`)
})

after(() => stack.disposeAsync())

test('a new node takes headers and blocks from its seed, and then every new block as it comes', async () => {
  await far.chain.reach(8)
  const goal = (await near.chain.height()) + 3
  await far.chain.reach(goal)
  const block = async (chain: TestChain): Promise<string> =>
    bytesToHex(sha256d((await chain.client.getBlock({ by: { case: 'height', value: goal } })).block))
  assert.equal(await block(far.chain), await block(near.chain))
  const [peer] = (await far.gateway.client.listPeers({})).peers
  assert.equal(peer?.score, 0)
  assert.deepEqual(Buffer.from(peer?.h2 ?? []), Buffer.from(near.gateway.identity.h2))
})

test('a light client is told of new tips, and checks headers and proofs by itself', async () => {
  const client = await near.gateway.dial()
  const { headers, firstHeight } = await request(client.connection, questions.headers, { locator: [] }, TIMEOUT)
  assert.ok(headers.length / 80 > 8)
  assert.ok(firstHeight <= 1)
  const { utxos, tipHeight } = await request(client.connection, questions.utxos, { h2: PAYOUT }, TIMEOUT)
  assert.ok(utxos.length > 8 && tipHeight > 8)
  const proof = utxos[0]?.proof
  assert.ok(proof !== undefined)
  const header = decodeHeader(headers.slice((proof.height - firstHeight) * 80, (proof.height - firstHeight + 1) * 80))
  assert.deepEqual(Buffer.from(headerHash(header)), Buffer.from(proof.blockHash))
  const root = merkleRootFromBranch(sha256d(proof.transaction), proof.branch, proof.position)
  assert.ok(root)
  assert.deepEqual(Buffer.from(root), Buffer.from(header.merkleRoot))
  const outpoint = utxos[0]?.outpoint
  assert.ok(outpoint !== undefined)
  const output = await request(
    client.connection,
    questions.output,
    { outpoint: { txid: outpoint.txid, index: outpoint.index } },
    TIMEOUT,
  )
  assert.equal(output.spent, false)
  assert.equal(output.output?.value, utxos[0]?.value)
  const again = await request(client.connection, questions.proof, { txid: outpoint.txid }, TIMEOUT)
  assert.equal(again.proof?.height, proof.height)
  await until('an announcement', () => client.of(MessageType.HEADERS).length > 1)
  const told = fromBinary(HeadersSchema, client.of(MessageType.HEADERS)[0]?.payload ?? new Uint8Array(0))
  assert.equal(told.requestId.length, 0)
  assert.equal(told.headers.length % 80, 0)
  client.connection.close('NOT_NEEDED')
})

test('transactions that the chain took together are each announced to peers that keep a chain', async () => {
  const keeper = await near.gateway.dial({ services: Services.CHAIN })
  const { utxos } = await near.chain.client.getUtxos({ h2: PAYOUT, limit: 1 })
  const [coin] = utxos
  assert.ok(coin?.outpoint)
  await near.chain.reach(coin.height + 6)
  const parent = pay(coin.outpoint, new Array(4).fill(coin.value / 5n))
  const parentId = txid(parent)
  const children = [0, 1, 2, 3].map((index) => pay({ txid: parentId, index }, [coin.value / 6n]))
  const all = [parent, ...children]
  await Promise.all(
    all.map((tx) => near.chain.client.submitTransaction({ transaction: encodeTransaction(tx) }, TIMEOUT)),
  )
  await until('their announcement', () => {
    const told = keeper
      .of(MessageType.INVENTORY)
      .flatMap(({ payload }) => fromBinary(InventorySchema, payload).txids.map(bytesToHex))
    return all.every((tx) => told.includes(bytesToHex(txid(tx))))
  })
  keeper.connection.close('NOT_NEEDED')
})

test('what the chain refuses is told by its code, and questions that make no sense by theirs', async () => {
  const client = await near.gateway.dial()
  const transaction: Transaction = {
    version: 1,
    vin: [
      { prevout: { txid: new Uint8Array(32).fill(9), index: 0 }, scriptSig: new Uint8Array(0), sequence: 0xffffffff },
    ],
    vout: [{ value: 1n, scriptPubKey: p2pkhScript(PAYOUT) }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  const payload = toBinary(
    TransactionSchema,
    create(TransactionSchema, { transaction: encodeTransaction(transaction) }),
  )
  const verdict = await submit(client.connection, { type: MessageType.TRANSACTION, payload }, TIMEOUT)
  assert.equal(verdict.outcome, Outcome.REJECT)
  assert.notEqual(verdict.code, '')
  const refused = (code: string) => (error: unknown) => error instanceof P2pError && error.data.code === code
  await assert.rejects(
    request(client.connection, questions.utxos, { h2: new Uint8Array(3) }, TIMEOUT),
    refused('BAD_REQUEST'),
  )
  await assert.rejects(request(client.connection, questions.output, {}, TIMEOUT), refused('BAD_REQUEST'))
  await assert.rejects(
    request(client.connection, questions.job, { jobId: new Uint8Array(32) }, TIMEOUT),
    refused('UNAVAILABLE'),
  )
  client.connection.close('NOT_NEEDED')
})

test('addresses that were reached are told to those who ask', async () => {
  const client = await far.gateway.dial()
  const { peers } = await until('an address', async () => {
    const answer = await request(client.connection, questions.peers, {}, TIMEOUT)
    return answer.peers.length > 0 ? answer : undefined
  })
  assert.equal(peers[0]?.port, near.gateway.port)
  assert.deepEqual(Buffer.from(peers[0]?.h2 ?? []), Buffer.from(near.gateway.identity.h2))
  client.connection.close('NOT_NEEDED')
})

test('headers without work cost the peer its place', async () => {
  const rascal = await near.gateway.dial({ services: Services.CHAIN })
  const { headers } = await request(rascal.connection, questions.headers, { locator: [] }, TIMEOUT)
  const forged = headers.slice(0, 80)
  forged.fill(0xee, 36, 68)
  rascal.connection.send({
    type: MessageType.HEADERS,
    payload: toBinary(HeadersSchema, create(HeadersSchema, { headers: forged })),
  })
  assert.equal(await rascal.connection.closed, 'REFUSED')
  assert.equal(rascal.connection.reason?.data.code, 'BANNED')
})

test('a seed that dies and comes back is found again, and what was missed is caught up', async () => {
  await near.gateway.stop('SIGKILL')
  const goal = (await near.chain.height()) + 3
  await near.chain.reach(goal)
  assert.ok((await far.chain.height()) < goal)
  await near.gateway.start({ CHAIN_URL: near.chain.url })
  await far.chain.reach(goal)
})

test('what was announced while our chain was away is caught up when it is back, with no new block to remind us', async () => {
  await far.chain.stop('SIGKILL')
  await near.chain.reach((await near.chain.height()) + 2)
  await miner.stop()
  const goal = await near.chain.height()
  await far.chain.start()
  await far.chain.reach(goal)
})
