import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { findModel, loadRegistry, openEngine } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import { jobDetail, receiptOf } from '../src/jobs/job-view.ts'
import { postJob } from '../src/jobs/post-job.ts'
import { openKeys } from '../src/keys/open-keys.ts'
import { nodeView } from '../src/nodes/node-view.ts'
import { makePrivateDirectory } from '../src/store/open.ts'
import { type Behaviour, type Rumours, startCheckers } from './support/checking-node.ts'
import {
  limits,
  type RunningClient,
  request,
  scratchDirectory,
  startClient,
  testConfig,
} from './support/open-client.ts'
import { MODELS_DIR, modelsWithoutFiles, realGoods, startFarm } from './support/test-farm.ts'
import { easyParams } from './support/test-params.ts'
import type { Goods } from './support/test-seller.ts'
import { until } from './support/until.ts'

const params = easyParams()
/** Enough for an engine that shares two cores; two silences of each silent node are waited for. */
const CHECK_TIMEOUT_MS = 2_000

describe('an output of a model that is not here, checked by neighbours over TCP', () => {
  let engine: Engine
  let scratch: ReturnType<typeof scratchDirectory>
  let stack: AsyncDisposableStack
  let rumours: Rumours

  before(async () => {
    const tiny = findModel(loadRegistry(MODELS_DIR), 'camelid-tiny-F16')
    const log = { debug: () => undefined, warn: () => undefined }
    engine = await openEngine({ modelPath: tiny.file, expected: tiny, sequences: 4, threads: 1, log })
  })
  after(() => engine.dispose())
  beforeEach(() => {
    scratch = scratchDirectory()
    stack = new AsyncDisposableStack()
    rumours = { outputs: new Map(), lastHashes: [new Uint8Array(32)] }
  })
  afterEach(async () => {
    await stack.disposeAsync()
    scratch.remove()
  })

  /** Buys an output from a node that makes it as `alter` says, among neighbours that behave so. */
  async function buy(behaviours: readonly Behaviour[], alter: (goods: Goods) => Goods = (goods) => goods) {
    const dataDir = join(scratch.dir, 'data')
    makePrivateDirectory(dataDir)
    const { keys } = openKeys({ dataDir, passwordFile: join(scratch.dir, 'password') })
    const make = realGoods(engine, alter)
    const goods = async (...of: Parameters<typeof make>) => {
      const made = await make(...of)
      rumours.outputs.set(bytesToHex(of[1]), made)
      return made
    }
    const farm = await startFarm({ params, clientH2: keys.h2, goods })
    stack.use(farm.node)
    const checkers = await startCheckers(farm, engine, behaviours, rumours)
    for (const checker of checkers) stack.use(checker)
    const config = testConfig({
      dir: scratch.dir,
      params,
      peers: [farm.node, ...checkers].map(({ address }) => address),
      modelsDir: modelsWithoutFiles(scratch.dir),
      checkTimeoutMs: CHECK_TIMEOUT_MS,
    })
    const running: RunningClient = stack.use(await startClient({ config }))
    const { context, desk, wallet } = running.client
    await until(
      'the coins and all peers',
      () => wallet.view().balance > 0n && context.peers.synced().length === behaviours.length + 1,
    )
    const live = await postJob(context, desk, { request, limits })
    await until(`the check (${live.row.stage}, ${live.lastRefusal})`, () => live.row.stage === 'checked')
    const receipt = receiptOf(live.row, context.chain)
    assert.ok(receipt)
    assert.equal(receipt.checkedBy, 'neighbours')
    assert.equal(jobDetail(live.row, { events: [], chain: context.chain }).checkedBy, 'neighbours')
    const standing = (key: Uint8Array) => nodeView(context.standings.get(key))
    const checks = checkers.map(({ identity }) => standing(identity.publicKey).checks)
    return { context, receipt, checks, maker: standing(farm.node.identity.publicKey), farm }
  }

  /** Every second token another one, and the text to it. */
  const cheat = (goods: Goods): Goods => {
    const tokenIds = goods.tokenIds.map((id, i) => (i % 2 === 1 ? (id + 300) % 1024 : id))
    return { ...goods, tokenIds, text: engine.detokenize([], tokenIds) }
  }

  it('is VALID where it is honest and three honest neighbours are asked', async () => {
    const { receipt, checks, maker } = await buy(['honest', 'honest', 'honest'])
    assert.equal(receipt.verdict, 'VALID', receipt.reason)
    assert.equal(receipt.neighbours, 3)
    assert.equal(receipt.positionsChecked, receipt.tokens)
    assert.deepEqual(
      checks.map(({ standing }) => standing),
      ['good', 'good', 'good'],
    )
    assert.equal(maker.standing, 'good')
    assert.equal(maker.evidence.positions, receipt.tokens)
  })

  it('is INVALID where tokens are others, and the next job passes the node by', async () => {
    const { receipt, maker, context, farm } = await buy(['honest', 'honest', 'honest'], cheat)
    assert.equal(receipt.verdict, 'INVALID', receipt.reason)
    assert.ok(receipt.firstDivergence >= 0)
    assert.equal(maker.standing, 'poor')
    assert.equal(context.standings.preferred(), undefined, 'nobody better is known')
    const other = farm.node.identity.publicKey.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
    context.standings.noteCheck(other, 'VALID', { positions: 0, misses: 0, weight: 0 })
    assert.deepEqual(context.standings.preferred(), other)
  })

  it('is INVALID where the tokens are right and the text is not', async () => {
    const { receipt } = await buy(['honest', 'honest', 'honest'], (goods) => ({
      ...goods,
      text: Buffer.from(' drink bleach'),
    }))
    assert.equal(receipt.verdict, 'INVALID', receipt.reason)
    assert.match(receipt.reason, /text/)
  })

  it('that is honest stays VALID against two who lie together, whose standing suffers', async () => {
    const { receipt, checks } = await buy(['honest', 'honest', 'lie', 'honest', 'lie', 'honest'])
    assert.equal(receipt.verdict, 'VALID', receipt.reason)
    for (const [i, { standing, outvoted }] of checks.entries()) {
      assert.equal(outvoted > 0, i === 2 || i === 4)
      assert.equal(standing, i === 2 || i === 4 ? 'poor' : 'good')
    }
  })

  it('that is honest is never INVALID where two liars are most of those asked', async () => {
    const { receipt, maker } = await buy(['lie', 'lie', 'honest'])
    assert.equal(receipt.verdict, 'INCONCLUSIVE', receipt.reason)
    assert.notEqual(maker.standing, 'poor')
  })

  it('that is false is INVALID against two who collude with its maker', async () => {
    const { receipt, checks } = await buy(['collude', 'honest', 'honest', 'honest', 'honest', 'collude'], cheat)
    assert.equal(receipt.verdict, 'INVALID', receipt.reason)
    assert.deepEqual(
      checks.map(({ outvoted }) => outvoted > 0),
      [true, false, false, false, false, true],
    )
  })

  it('that is false is never VALID where its maker’s friends are most of those asked', async () => {
    const { receipt } = await buy(['collude', 'collude', 'honest'], cheat)
    assert.equal(receipt.verdict, 'INCONCLUSIVE', receipt.reason)
  })

  it('is VALID past neighbours that copy, stay silent, forge or lack the model', async () => {
    const { receipt, checks } = await buy(['honest', 'copy', 'honest', 'silent', 'honest', 'forge', 'lacking'])
    assert.equal(receipt.verdict, 'VALID', receipt.reason)
    const [, copy, , silent, , forge, lacking] = checks
    assert.ok((copy?.outvoted ?? 0) > 0, 'a copied answer is worth nothing')
    assert.ok((silent?.silent ?? 0) <= 2 && (forge?.forged ?? 0) <= 1, 'who fails is asked no more')
    assert.equal(lacking?.standing, 'unknown', 'to lack a model is no fault')
  })

  it('is INCONCLUSIVE, with the reason, where too few can check', async () => {
    const { receipt } = await buy(['honest', 'honest', 'lacking'])
    assert.equal(receipt.verdict, 'INCONCLUSIVE')
    assert.match(receipt.reason, /fewer than 3 neighbours answered/)
  })
})
