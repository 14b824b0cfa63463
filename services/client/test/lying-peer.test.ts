import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { encodeHeader, txid } from '@camelid/codec'
import { p2pkhScript } from '@camelid/consensus'
import { HeadersSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { openKeys } from '../src/keys/open-keys.ts'
import { findTransaction } from '../src/peers/find-proof.ts'
import { makePrivateDirectory } from '../src/store/open.ts'
import { spendOf, workless } from './support/forge.ts'
import { type RunningClient, scratchDirectory, startClient, testConfig } from './support/open-client.ts'
import type { TestChain } from './support/test-chain.ts'
import { modelsWithoutFiles, startFarm, type TestFarm } from './support/test-farm.ts'
import { TestNode } from './support/test-node.ts'
import { easyParams } from './support/test-params.ts'
import { until } from './support/until.ts'

const params = easyParams()
const COIN = 100_000_000n

describe('a light client among nodes that lie', () => {
  let scratch: ReturnType<typeof scratchDirectory>
  let farm: TestFarm
  let running: RunningClient | undefined
  const nodes: TestNode[] = []
  const met = new Set<string>()
  let clientH2: Uint8Array

  beforeEach(async () => {
    scratch = scratchDirectory()
    const dataDir = join(scratch.dir, 'data')
    makePrivateDirectory(dataDir)
    const { keys } = openKeys({ dataDir, passwordFile: join(scratch.dir, 'password') })
    clientH2 = keys.h2
    farm = await startFarm({ params, clientH2 })
    nodes.push(farm.node)
  })
  afterEach(async () => {
    await running?.[Symbol.asyncDispose]()
    running = undefined
    for (const node of nodes.splice(0)) await node[Symbol.asyncDispose]()
    scratch.remove()
  })

  async function another(key: number, chain: TestChain = farm.chain): Promise<TestNode> {
    const node = await new TestNode(chain, new Uint8Array(32).fill(key)).listen()
    nodes.push(node)
    return node
  }

  async function open(peers: TestNode[], minPeers = 1): Promise<RunningClient['client']> {
    const modelsDir = modelsWithoutFiles(scratch.dir)
    const config = testConfig({
      dir: scratch.dir,
      params,
      peers: peers.map(({ address }) => address),
      modelsDir,
      minPeers,
    })
    running = await startClient({ config })
    running.client.context.peers.connected.on(({ address }) => met.add(address))
    return running.client
  }

  const isGone = (client: RunningClient['client'], node: TestNode) => () =>
    met.has(node.address) && client.context.peers.list().every(({ address }) => address !== node.address)

  it('drops one that makes an output worth more than it is', async () => {
    farm.node.lies.utxo = (utxo) => ({ ...utxo, value: 1_000n * COIN })
    const client = await open([farm.node])
    await until('the liar to be dropped', isGone(client, farm.node))
    assert.equal(client.wallet.view().balance, 0n)
  })

  it('drops one whose merkle branch leads nowhere', async () => {
    farm.node.lies.proof = (proof) => ({ ...proof, branch: [new Uint8Array(32)] })
    const client = await open([farm.node])
    await until('the liar to be dropped', isGone(client, farm.node))
    assert.equal(client.wallet.view().balance, 0n)
  })

  it('drops one that sends headers without work, and keeps to the others', async () => {
    const liar = await another(8)
    liar.lies.headers = (headers) => {
      const forged = Uint8Array.from(headers)
      // The bits of the first header: another difficulty than the chain asks for.
      forged.set([0xfe, 0xff, 0x7f, 0x20], 72)
      return forged
    }
    const client = await open([liar, farm.node])
    await until('the coins', () => client.wallet.view().balance === 100n * COIN)
    await until('the liar to be dropped', isGone(client, liar))
    assert.deepEqual(client.context.chain.tip.hash, farm.chain.tip.hash)
  })

  it('drops one that announces a header whose hash does not show the work', async () => {
    const liar = await another(8)
    const client = await open([liar, farm.node])
    await until('both', () => client.context.peers.synced().length === 2)
    const { tip } = farm.chain
    const time = Math.floor(Date.now() / 1000)
    const header = workless({ ...tip.header, prevHash: tip.hash, time: Math.max(time, farm.chain.medianTime + 1) })
    const payload = toBinary(
      HeadersSchema,
      create(HeadersSchema, { headers: encodeHeader(header), firstHeight: tip.height + 1 }),
    )
    liar.send({ type: MessageType.HEADERS, payload })
    await until('the liar to be dropped', isGone(client, liar))
    assert.deepEqual(client.context.chain.tip.hash, tip.hash)
    assert.equal(client.context.peers.list().length, 1)
  })

  it('counts no coin that is spent, where one of three still shows it', async () => {
    const [coin] = farm.chain.unspent(p2pkhScript(clientH2))
    assert.ok(coin)
    const now = Math.floor(Date.now() / 1000)
    farm.mine({ count: 2, lastTime: now, transactions: [spendOf(coin)] })
    const stale = farm.chain.fork(farm.chain.tip.height)
    stale.isSpent = () => false
    const liar = await another(8, stale)
    assert.equal(stale.unspent(p2pkhScript(clientH2)).length, 2, 'it shows both')
    const client = await open([liar, farm.node, await another(9)], 2)
    await until('the coins', () => client.wallet.view().balance > 0n)
    await client.wallet.refresh()
    assert.equal(client.wallet.view().balance, 50n * COIN)
  })

  it('drops one that withholds the proof of what is deep in the chain, and takes it from another', async () => {
    const liar = await another(8)
    liar.lies.withholds = true
    const client = await open([liar, farm.node])
    await until('both', () => client.context.peers.synced().length === 2)
    const [deep, fresh] = [farm.chain.at(3), farm.chain.at(farm.chain.tip.height)].map(({ transactions: [first] }) => {
      assert.ok(first)
      return txid(first)
    })
    assert.ok(deep && fresh)
    // Of the last block somebody may not know yet.
    assert.ok((await findTransaction(client.context, fresh)).proven)
    assert.equal(client.context.peers.list().length, 2)
    assert.ok((await findTransaction(client.context, deep)).proven)
    await until('the liar to be dropped', isGone(client, liar))
    assert.equal(client.context.peers.list().length, 1)
  })

  it('counts no coin that only one of two shows, where two must agree', async () => {
    const other = await another(8)
    const honest = farm.chain.unspent.bind(farm.chain)
    const shy = farm.chain.fork(farm.chain.tip.height)
    shy.unspent = (script) => honest(script).slice(0, 1)
    const forgetful = await another(9, shy)
    const client = await open([farm.node, other, forgetful], 3)
    await until('the coins', () => client.wallet.view().balance > 0n)
    assert.equal(client.wallet.view().balance, 50n * COIN)
  })

  it('looks no further for addresses of its own where only one of two calls them used', async () => {
    const liar = await another(8)
    liar.lies.used = true
    const client = await open([farm.node, liar], 2)
    await client.wallet.discovered
    assert.deepEqual(
      client.context.addresses.all().map(({ place, used }) => ({ ...place, used })),
      [{ branch: 0, index: 0, used: true }],
    )
  })

  it('follows the chain with more work when a peer brings it', async () => {
    const longer = farm.chain.fork(farm.chain.tip.height - 4)
    const now = Math.floor(Date.now() / 1000)
    for (let i = 0; i < 8; i++) longer.mine({ time: now - 8 + i, to: p2pkhScript(new Uint8Array(20).fill(3)) })
    const other = await another(8, longer)
    const client = await open([farm.node, other])
    await until('the heavier chain', () => Buffer.compare(client.context.chain.tip.hash, longer.tip.hash) === 0)
    assert.equal(client.context.peers.list().length, 2, 'the other one did not lie')
  })

  it('is not in step with fewer nodes than must agree', async () => {
    const client = await open([farm.node, await another(8)], 2)
    await until('both', () => client.wallet.synced)
    for (const connection of farm.node.connections) connection.close('SHUTTING_DOWN')
    await until('one to be gone', () => !client.wallet.synced)
  })
})
