import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { decodeTransaction, encodeAddress, txid } from '@camelid/codec'
import { p2pkhScript } from '@camelid/consensus'
import { MessageType, TransactionSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { Branch } from '@camelid/wallet'
import { postJob } from '../src/jobs/post-job.ts'
import { type ClientKeys, openKeys } from '../src/keys/open-keys.ts'
import { makePrivateDirectory } from '../src/store/open.ts'
import { listAddresses, newAddress } from '../src/wallet/list-addresses.ts'
import { sendCoins } from '../src/wallet/send-coins.ts'
import {
  limits,
  type RunningClient,
  request,
  scratchDirectory,
  startClient,
  testConfig,
} from './support/open-client.ts'
import { modelsWithoutFiles, startFarm, type TestFarm } from './support/test-farm.ts'
import { easyParams } from './support/test-params.ts'
import { until } from './support/until.ts'

const params = easyParams()
const COIN = 100_000_000n

describe('the addresses of a wallet', () => {
  let scratch: ReturnType<typeof scratchDirectory>
  let keys: ClientKeys
  let farm: TestFarm
  let running: RunningClient | undefined

  beforeEach(() => {
    scratch = scratchDirectory()
    const dataDir = join(scratch.dir, 'data')
    makePrivateDirectory(dataDir)
    keys = openKeys({ dataDir, passwordFile: join(scratch.dir, 'password') }).keys
  })
  afterEach(async () => {
    await running?.[Symbol.asyncDispose]()
    running = undefined
    await farm.node[Symbol.asyncDispose]()
    scratch.remove()
  })

  const h2At = (index: number, branch: Branch = Branch.RECEIVE) => keys.account.key({ branch, index }).h2
  const now = () => Math.floor(Date.now() / 1000)

  /** A client of these keys whose file is new, as after a recovery from the words. */
  async function open(): Promise<RunningClient['client']> {
    const modelsDir = modelsWithoutFiles(scratch.dir)
    running = await startClient({
      config: testConfig({ dir: scratch.dir, params, peers: [farm.node.address], modelsDir }),
    })
    return running.client
  }

  it('are found again from the words alone: coins at index 7, and far behind spent ones', async () => {
    farm = await startFarm({ params, clientH2: h2At(7), coins: 1 })
    const { chain } = farm
    // Paid and spent again: nothing is left there, but the way to index 40 leads over them.
    for (const index of [20, 33]) {
      const { transactions } = chain.mine({ time: now() - 5, to: p2pkhScript(h2At(index)) })
      const [coinbase] = transactions
      assert.ok(coinbase)
      const vin = [{ prevout: { txid: txid(coinbase), index: 0 }, scriptSig: Uint8Array.of(0), sequence: 0xffffffff }]
      const vout = [{ value: 1n, scriptPubKey: p2pkhScript(new Uint8Array(20).fill(9)) }]
      const spend = { version: 1, vin, vout, lockTime: 0, jobId: new Uint8Array(32) }
      chain.mine({ time: now() - 5, to: p2pkhScript(new Uint8Array(20).fill(9)), transactions: [spend] })
    }
    chain.mine({ time: now() - 4, to: p2pkhScript(h2At(40)) })
    chain.mine({ time: now() - 3, to: p2pkhScript(h2At(2, Branch.CHANGE)) })
    // Behind a gap of 20: BIP44 looks no further.
    chain.mine({ time: now() - 2, to: p2pkhScript(h2At(61)) })
    const client = await open()
    await until('all coins within the gap limit', () => client.wallet.view().balance === 150n * COIN)
    const rows = listAddresses(client.context)
    const used = rows.filter((row) => row.used)
    assert.deepEqual(
      used.map(({ path }) => path),
      [7, 20, 33, 40].map((index) => `m/44'/7331'/0'/0/${index}`).concat("m/44'/7331'/0'/1/2"),
    )
    const next = newAddress(client.context)
    assert.equal(next.path, "m/44'/7331'/0'/0/41")
    assert.equal(next.address, encodeAddress(h2At(41)))
  })

  it('pay together: a payment and a job from coins of several keys, change to an address of its own', async () => {
    farm = await startFarm({ params, clientH2: keys.h2, coins: 1 })
    const client = await open()
    const { context, desk, wallet } = client
    await until('the first coin', () => wallet.view().balance === 50n * COIN)
    const second = newAddress(context)
    farm.chain.mine({ time: now(), to: p2pkhScript(h2At(1)) })
    farm.mine({ count: 6, lastTime: now() + 1 })
    await until('the second coin', () => wallet.view().balance === 100n * COIN)
    assert.equal(second.path, "m/44'/7331'/0'/0/1")

    const sent: Uint8Array[] = []
    const judge = farm.node.judge
    farm.node.judge = (frame, connection) => {
      if (frame.type === MessageType.TRANSACTION) {
        sent.push(Uint8Array.from(fromBinary(TransactionSchema, frame.payload).transaction))
        return undefined
      }
      return judge(frame, connection)
    }
    await sendCoins(context, { address: encodeAddress(new Uint8Array(20).fill(3)), amount: 70n * COIN, feeRate: 2 })
    const [raw] = sent
    assert.ok(raw)
    const payment = decodeTransaction(raw)
    assert.equal(payment.vin.length, 2, 'two coins of two keys')
    assert.deepEqual(payment.vout[1]?.scriptPubKey, p2pkhScript(h2At(0, Branch.CHANGE)))
    farm.mine({ count: 2, lastTime: now() + 2, transactions: [payment] })
    await until('the change', () => {
      const row = listAddresses(context).find(({ change }) => change)
      return row !== undefined && BigInt(row.balance) > 29n * COIN && row.used
    })

    // The only coin left is the change: F and P are signed by its key.
    const live = await postJob(context, desk, { request, limits })
    await until('the job to be checked', () => live.row.stage === 'checked')
    assert.equal(farm.seller.payments.size, 1)
  })

  it('are not given out beyond what a recovery finds', async () => {
    farm = await startFarm({ params, clientH2: keys.h2, coins: 1 })
    const client = await open()
    await until('the first address to be known as used', () => listAddresses(client.context)[0]?.used === true)
    const given = Array.from({ length: 20 }, () => newAddress(client.context).address)
    assert.equal(new Set(given).size, 20)
    assert.throws(() => newAddress(client.context), { code: 'ADDRESS_GAP' })
    const last = client.context.addresses.all().at(-1)
    assert.ok(last)
    farm.chain.mine({ time: now(), to: p2pkhScript(last.h2) })
    farm.mine({ count: 1, lastTime: now() + 1 })
    await until('the last one to be paid', () => client.wallet.view().balance === 100n * COIN)
    assert.equal(newAddress(client.context).path, "m/44'/7331'/0'/0/21")
  })
})
