import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { decodeTransaction, encodeAddress, txid } from '@camelid/codec'
import { bytesToHex, hash160 } from '@camelid/crypto'
import { loadRegistry, openEngine } from '@camelid/engine'
import { isCoded } from '@camelid/errors'
import { MessageType, Outcome, TransactionSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Engine } from '@camelid/rastic'
import { createLogger } from '@camelid/runtime'
import { jobDetail, receiptOf } from '../src/jobs/job-view.ts'
import type { LiveJob } from '../src/jobs/live-job.ts'
import { postJob } from '../src/jobs/post-job.ts'
import { isFinal } from '../src/jobs/stage.ts'
import { openKeys } from '../src/keys/open-keys.ts'
import { makePrivateDirectory } from '../src/store/open.ts'
import { sendCoins } from '../src/wallet/send-coins.ts'
import {
  limits,
  type RunningClient,
  request,
  scratchDirectory,
  startClient,
  testConfig,
} from './support/open-client.ts'
import { MODELS_DIR, modelsWithoutFiles, realGoods, startFarm, type TestFarm } from './support/test-farm.ts'
import { easyParams } from './support/test-params.ts'
import type { Goods } from './support/test-seller.ts'
import { until } from './support/until.ts'

const params = easyParams()
const COIN = 100_000_000n

describe('a job, bought from a node over TCP', () => {
  let scratch: ReturnType<typeof scratchDirectory>
  let farm: TestFarm
  let running: RunningClient
  let offsetMs: number
  const nowMs = () => Date.now() + offsetMs

  beforeEach(() => {
    scratch = scratchDirectory()
    offsetMs = 0
  })
  afterEach(async () => {
    await running[Symbol.asyncDispose]()
    await farm.node[Symbol.asyncDispose]()
    scratch.remove()
  })

  async function open(options: { coins?: number; goods?: TestFarm['seller']['goods']; modelsDir?: string } = {}) {
    const { modelsDir = modelsWithoutFiles(scratch.dir), ...farmOptions } = options
    const dataDir = join(scratch.dir, 'data')
    makePrivateDirectory(dataDir)
    const { keys } = openKeys({ dataDir, passwordFile: join(scratch.dir, 'password') })
    farm = await startFarm({ params, clientH2: keys.h2, nowMs, ...farmOptions })
    const config = testConfig({ dir: scratch.dir, params, peers: [farm.node.address], modelsDir })
    running = await startClient({ config, nowMs })
    await until('the coins', () => running.client.wallet.view().balance > 0n)
  }

  const post = () => postJob(running.client.context, running.client.desk, { request, limits })
  const reached = (live: LiveJob, stage: string) =>
    until(
      `${live.id} to be ${stage}, is ${live.row.stage} ${live.row.reason} ${live.lastRefusal}`,
      () => live.row.stage === stage,
    )

  /** Lets the lock time pass, and mines whatever payment the node holds. */
  function settleChain(live: LiveJob): void {
    offsetMs += 200_000
    const lastTime = Math.floor(nowMs() / 1000)
    farm.mine({ count: 8, lastTime: lastTime - 1 })
    assert.ok(farm.chain.medianTime > live.job.timelock, 'the lock time has passed')
    farm.mine({ count: 1, lastTime, transactions: [...farm.seller.payments.values()] })
  }

  it('is paid once, delivered, checked, settled, and changes balances by reward and fee', async () => {
    await open()
    const live = await post()
    await reached(live, 'checked')
    assert.equal(live.row.output, ' some text')
    assert.equal(running.client.wallet.view().reserved, 50n * COIN)
    settleChain(live)
    await reached(live, 'settled')
    const { context, wallet } = running.client
    const receipt = receiptOf(live.row, context.chain)
    assert.ok(receipt)
    assert.equal(receipt.height, farm.chain.tip.height)
    assert.equal(receipt.confirmations, 1)
    assert.equal(receipt.verdict, 'INCONCLUSIVE', 'the model file is not here')
    assert.deepEqual([receipt.checkedBy, receipt.neighbours], ['neighbours', 0])
    const { before, after } = receipt.balances
    assert.equal(BigInt(before.client) - BigInt(after.client ?? 0), BigInt(receipt.reward) + BigInt(receipt.fee))
    assert.equal(BigInt(after.node ?? 0) - BigInt(before.node ?? 0), BigInt(receipt.reward))
    assert.equal(wallet.view().pending, 0n)
    assert.equal(farm.seller.payments.size, 1)
    const stages = context.jobs.events(live.row.jobId).map(({ stage }) => stage)
    assert.deepEqual(stages, [
      'funded',
      'accepted',
      'generating',
      'committed',
      'paid',
      'delivered',
      'checked',
      'settled',
    ])
    assert.equal(jobDetail(live.row, { events: [], chain: context.chain }).state, 'settled')
  })

  it('floods its payment to every pool first, and hands it to the node when it sends it again', async () => {
    await open()
    farm.seller.silent.add('deliver')
    const { judge } = farm.node
    const sent: { flood: boolean; receiver: string }[] = []
    farm.node.judge = (frame, connection) => {
      if (frame.type === MessageType.PAYMENT) sent.push({ flood: frame.flood, receiver: bytesToHex(frame.receiver) })
      return judge(frame, connection)
    }
    await post()
    await until('the payment to be sent again', () => sent.length >= 2)
    const nobody = '00'.repeat(20)
    const node = bytesToHex(hash160(farm.node.identity.publicKey))
    assert.deepEqual(sent.slice(0, 2), [
      { flood: true, receiver: nobody },
      { flood: false, receiver: node },
    ])
  })

  it('goes back to checked when a reorganisation takes its payment out, and is settled again', async () => {
    await open()
    const live = await post()
    await reached(live, 'checked')
    settleChain(live)
    await reached(live, 'settled')
    const { tip } = farm.chain
    farm.chain.blocks.splice(tip.height)
    farm.mine({ count: 3, lastTime: Math.floor(nowMs() / 1000) })
    await until('the payment to be unconfirmed', () => live.row.blockHash === null && live.row.stage === 'checked')
    assert.equal(receiptOf(live.row, running.client.context.chain)?.confirmations, 0)
    farm.mine({ count: 1, lastTime: Math.floor(nowMs() / 1000), transactions: [...farm.seller.payments.values()] })
    await reached(live, 'settled')
  })

  it('expires unpaid where nobody commits, and frees its coins', async () => {
    await open({ coins: 1 })
    farm.seller.silent.add('commit')
    const live = await post()
    await reached(live, 'generating')
    await assert.rejects(post(), (error: unknown) => isCoded(error) && error.code === 'INSUFFICIENT_FUNDS')
    offsetMs += 65_000
    await reached(live, 'expired')
    assert.match(live.row.reason, /^NO_COMMITMENT/)
    assert.equal(running.client.wallet.view().reserved, 0n)
    assert.equal(farm.seller.payments.size, 0)
  })

  it('fails where the node takes the payment and delivers nothing, and takes a late delivery all the same', async () => {
    await open()
    farm.seller.silent.add('deliver')
    const live = await post()
    await reached(live, 'paid')
    offsetMs += 95_000
    await reached(live, 'failed')
    assert.match(live.row.reason, /^NO_DELIVERY/)
    assert.ok(isFinal(live.row.stage))
    assert.equal(running.client.wallet.view().reserved, 50n * COIN, 'the payment is out: its coins stay promised')
    settleChain(live)
    await until('the payment to be followed into its block', () => live.row.height !== null)
    assert.equal(live.row.stage, 'failed')
    farm.seller.deliverLate()
    await reached(live, 'settled')
    assert.equal(live.row.output, ' some text')
  })

  const commitmentLies: [string, RegExp, TestFarm['seller']['commitmentLie']][] = [
    ['more tokens than asked for', /BAD_TOKEN_COUNT/, (fields) => ({ ...fields, tokenCount: 17 })],
    ['a block that is past', /HEIGHT_PASSED/, (fields) => ({ ...fields, height: 5 })],
    ['an engine nobody can judge', /BAD_OUTPUT/, (fields) => ({ ...fields, engine: 'magic 1.0' })],
    [
      'another testament',
      /TESTAMENT/,
      (fields) => ({ ...fields, testament: fields.testament.with(-60, (fields.testament.at(-60) ?? 0) ^ 1) }),
    ],
    ['a reward address of another testament', /TESTAMENT/, (fields) => ({ ...fields, height: fields.height - 1 })],
  ]
  for (const [what, reason, lie] of commitmentLies) {
    it(`pays nothing for a commitment with ${what}`, async () => {
      await open()
      farm.seller.commitmentLie = lie
      const live = await post()
      await until('the refusal', () => live.lastRefusal !== '')
      assert.match(live.lastRefusal, reason)
      assert.equal(live.row.payment, null)
      assert.equal(farm.seller.payments.size, 0)
    })
  }

  it('pays nothing where the peers call the bond spent', async () => {
    await open()
    farm.node.lies.spent = true
    const live = await post()
    await until('the refusal', () => live.lastRefusal !== '')
    assert.match(live.lastRefusal, /BOND_SPENT/)
    assert.equal(live.row.payment, null)
  })

  it('pays nothing where the deadline of the payment passes while the bond is asked about', async () => {
    await open()
    Object.defineProperty(farm.node.lies, 'spent', {
      get: () => {
        offsetMs = 85_000
        return undefined
      },
    })
    const live = await post()
    await reached(live, 'expired')
    assert.equal(live.row.payment, null)
    assert.equal(farm.seller.payments.size, 0)
  })

  it('keeps a delivery of rubbish as evidence', async () => {
    await open()
    farm.seller.deliveryLie = (ciphertext) => ciphertext.with(40, (ciphertext[40] ?? 0) ^ 1)
    const live = await post()
    await reached(live, 'failed')
    assert.match(live.row.reason, /^BAD_DELIVERY.*ECIES_FAILED/)
    assert.ok(live.row.delivery)
    assert.equal(live.row.output, null)
  })

  it('is refused by name where every node refuses it, and its coins are free', async () => {
    await open()
    farm.node.judge = () => ({ code: 'REWARD_TOO_SMALL', detail: 'this node asks for 1 coin' })
    await assert.rejects(
      post(),
      (error: unknown) => isCoded(error) && error.code === 'JOB_REFUSED' && /REWARD_TOO_SMALL/.test(error.message),
    )
    assert.equal(running.client.wallet.view().reserved, 0n)
  })

  it('says at once why no node that it knows serves the job, and expires with that reason where none comes', async () => {
    await open()
    farm.node.judge = () => ({ code: 'NO_WORKER', detail: 'no worker is alive at this node', outcome: Outcome.OK })
    const { context } = running.client
    const said: (string | undefined)[] = []
    context.events.on(({ event }) => said.push(event.detail))
    const live = await post()
    const why = { code: 'NO_WORKER', message: 'no worker is alive at this node' }
    const view = () => jobDetail(live.row, { events: [], chain: context.chain })
    assert.deepEqual([view().state, view().error], ['funded', why])
    assert.ok(said.includes('NO_WORKER: no worker is alive at this node'))
    offsetMs += 65_000
    await reached(live, 'expired')
    assert.deepEqual(view().error, why)
  })

  it('forgets that no node serves the job when one accepts it after all', async () => {
    await open()
    const { judge } = farm.node
    farm.node.judge = (frame, connection) => {
      judge(frame, connection)
      return { code: 'NO_BOND_SLOT', detail: 'try again later', outcome: Outcome.OK }
    }
    const live = await post()
    await reached(live, 'checked')
    assert.equal(jobDetail(live.row, { events: [], chain: running.client.context.chain }).error, undefined)
  })

  it('never promises the same coins to two jobs', async () => {
    await open({ coins: 3 })
    const results = await Promise.allSettled([post(), post(), post(), post()])
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 3)
    const used = new Set(
      [...farm.seller.jobs.values()].map(
        ({ fundingOutpoint }) => `${Buffer.from(fundingOutpoint.txid).toString('hex')}`,
      ),
    )
    assert.equal(used.size, 3)
  })

  it('sends coins: locked until they are mined, free again where every node refuses', async () => {
    await open()
    const { context, wallet } = running.client
    const sent: Uint8Array[] = []
    farm.node.judge = ({ type, payload }) => {
      if (type === MessageType.TRANSACTION)
        sent.push(Uint8Array.from(fromBinary(TransactionSchema, payload).transaction))
      return undefined
    }
    const address = encodeAddress(new Uint8Array(20).fill(5))
    const id = await sendCoins(context, { address, amount: 20n * COIN, feeRate: 2 })
    assert.equal(wallet.view().reserved, 50n * COIN)
    const [raw] = sent
    assert.ok(raw)
    const transaction = decodeTransaction(raw)
    assert.deepEqual(txid(transaction), id)
    farm.mine({ count: 1, lastTime: Math.floor(nowMs() / 1000), transactions: [transaction] })
    await until('the payment to be mined', () => wallet.view().reserved === 0n && wallet.view().balance < 80n * COIN)
    assert.equal(wallet.view().pending, 0n)
    farm.node.judge = () => ({ code: 'FEE_TOO_LOW', detail: 'no' })
    const isRefused = (error: unknown) => isCoded(error) && error.code === 'TRANSACTION_REFUSED'
    await assert.rejects(sendCoins(context, { address, amount: COIN, feeRate: 2 }), isRefused)
    assert.equal(wallet.view().reserved, 0n)
  })

  describe('with the model here', () => {
    let engine: Engine
    beforeEach(async () => {
      const model = loadRegistry(MODELS_DIR).models.find(({ name }) => name === request.model)
      assert.ok(model)
      const log = await createLogger('test', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json', NODE_NAME: 'test' })
      engine = await openEngine({ modelPath: model.file, expected: model, sequences: 1, threads: 1, log })
    })
    afterEach(() => engine.dispose())

    it('is VALID where the node ran the model', async () => {
      await open({ goods: realGoods(engine), modelsDir: MODELS_DIR })
      const live = await post()
      await reached(live, 'checked')
      const receipt = receiptOf(live.row, running.client.context.chain)
      assert.equal(receipt?.verdict, 'VALID', receipt?.reason)
      assert.equal(receipt.positionsChecked, receipt.tokens)
    })

    it('is INVALID, with the position, where the node put in another token', async () => {
      const flip = (goods: Goods): Goods => {
        const tokenIds = goods.tokenIds.map((id, index) => (index === 3 ? (id + 7) % 1_000 : id))
        return { ...goods, tokenIds, text: engine.detokenize([], tokenIds) }
      }
      await open({ goods: realGoods(engine, flip), modelsDir: MODELS_DIR })
      const live = await post()
      await reached(live, 'checked')
      const receipt = receiptOf(live.row, running.client.context.chain)
      assert.equal(receipt?.verdict, 'INVALID')
      assert.equal(receipt.firstDivergence, 3)
      assert.ok(receipt.misses >= 1)
    })
  })
})
