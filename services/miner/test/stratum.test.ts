import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBlock, encodeAddress, txid } from '@camelid/codec'
import { merkleRoot, p2pkhScript } from '@camelid/consensus'
import { type Answer, StratumMiner } from './stratum-miner.ts'
import { StratumPort } from './stratum-port.ts'
import { EASY, IMPOSSIBLE, templateFixture } from './template-fixture.ts'

const H2 = new Uint8Array(20).fill(0x42)
const ADDRESS = encodeAddress(H2)
const USER = `${ADDRESS}.rig-1`

const codeOf = ({ error }: Answer) => error?.[0]

test('a miner that knows only Stratum finds a block of the template that pays its own address', async () => {
  await using port = await StratumPort.open()
  const template = templateFixture({ parent: 1, target: EASY, transactions: 3 })
  port.server.onTemplate(template)
  await using miner = await StratumMiner.start(port.server.port, USER)
  const { result } = await miner.submit(USER, miner.mine(miner.lastJob))
  assert.equal(result, true)
  const [raw] = port.blocks
  assert.ok(raw)
  const { header, transactions } = decodeBlock(raw)
  assert.deepEqual(header.prevHash, template.work.header.slice(4, 36))
  assert.equal(header.bits, 0x1f00ffff)
  assert.deepEqual(header.merkleRoot, merkleRoot(transactions.map((tx) => txid(tx))).root)
  assert.equal(transactions.length, 4)
  assert.deepEqual(transactions[0]?.vout, [{ value: 5_000_000_000n, scriptPubKey: p2pkhScript(H2) }])
  assert.equal(await port.metric('miner_stratum_shares_total', { result: 'accepted' }), 1)
  assert.ok((await port.metric('miner_stratum_hashrate')) > 0)
})

test('each refusal has its number: who must log in, and what is wrong with a share', async () => {
  await using port = await StratumPort.open()
  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE }))
  await using miner = await StratumMiner.connect(port.server.port)
  const nothing = ['1', '00000001', '00000000', '00000000']
  assert.equal(codeOf(await miner.submit(USER, nothing)), 25)
  await miner.subscribe()
  assert.equal(codeOf(await miner.submit(USER, nothing)), 24)
  assert.equal(codeOf(await miner.call('mining.authorize', ['1nonsense', 'x'])), 24)
  assert.equal((await miner.call('mining.authorize', [USER, 'x'])).result, true)
  assert.equal(codeOf(await miner.call('mining.authorize', [encodeAddress(new Uint8Array(20)), 'x'])), 24)
  await miner.until('a job', () => miner.jobs.length > 0)
  assert.equal(miner.lastJob.clean, true)

  const [job, second, time, nonce] = miner.mine(miner.lastJob)
  assert.equal(codeOf(await miner.submit(USER, ['ffff', second, time, nonce])), 21)
  assert.equal(codeOf(await miner.submit(USER, [job, second, time, '00000000'])), 23)
  assert.equal(codeOf(await miner.submit(USER, [job, second, 'ffffffff', nonce])), 20)
  assert.equal(codeOf(await miner.submit(USER, [job, second, '00000000', nonce])), 20)
  assert.equal(codeOf(await miner.submit(USER, [job, `${second}00`, time, nonce])), 20)
  assert.equal(codeOf(await miner.submit('somebody', [job, second, time, nonce])), 24)
  assert.equal((await miner.submit(USER, [job, second, time, nonce])).result, true)
  assert.equal(codeOf(await miner.submit(USER, [job, second, time, nonce])), 22)
  assert.deepEqual(port.blocks, [], 'a share is no block')

  port.server.onStale()
  assert.equal(codeOf(await miner.submit(USER, miner.mine(miner.lastJob, { extraNonce2: 2 }))), 21)
  assert.equal(codeOf(await miner.call('mining.dance', [])), 20)
  assert.deepEqual((await miner.call('mining.configure', [['version-rolling', 'subscribe-extranonce'], {}])).result, {
    'version-rolling': false,
    'subscribe-extranonce': true,
  })
  assert.equal((await miner.call('mining.extranonce.subscribe', [])).result, true)
  assert.deepEqual(port.faults, [])
})

test('a new tip is told at once and ends all jobs; other fees and later times are told now and then', async () => {
  await using port = await StratumPort.open()
  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE }))
  await using miner = await StratumMiner.start(port.server.port, USER)
  const old = miner.mine(miner.lastJob)

  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE, transactions: 5 }))
  port.aheadMs += 10_000
  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE, transactions: 6 }))
  await miner.until('other fees', () => miner.jobs.length === 2)
  assert.equal(miner.lastJob.clean, false)
  assert.equal(miner.lastJob.params[4].length, 3)
  assert.equal((await miner.submit(USER, old)).result, true, 'work on the same tip still counts')
  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE, transactions: 6 }))
  port.aheadMs += 31_000
  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE, transactions: 6 }))
  await miner.until('the same again', () => miner.jobs.length === 3)

  port.server.onStale()
  port.server.onTemplate(templateFixture({ parent: 2, target: IMPOSSIBLE }))
  await miner.until('the new tip', () => miner.jobs.length === 4)
  assert.equal(miner.lastJob.clean, true)
  assert.equal(codeOf(await miner.submit(USER, old)), 21)

  // The chain was away: work goes on, and what it says when it is back is told at once.
  const before = miner.mine(miner.lastJob)
  port.server.onLost()
  assert.equal((await miner.submit(USER, before)).result, true)
  port.server.onTemplate(templateFixture({ parent: 3, target: IMPOSSIBLE }))
  await miner.until('the tip of then', () => miner.jobs.length === 5)
  assert.equal(miner.lastJob.clean, true)
})

test('the difficulty falls for a miner that finds nothing, and is never above that of the network', async () => {
  await using port = await StratumPort.open({ startDifficulty: 4 })
  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE }))
  await using miner = await StratumMiner.start(port.server.port, ADDRESS)
  assert.equal(miner.lastJob.difficulty, 4)
  port.aheadMs += 61_000
  await miner.until('less to do', () => miner.jobs.length === 2)
  assert.equal(miner.lastJob.difficulty, 1)
  assert.equal(miner.lastJob.clean, false)
  assert.equal((await miner.call('mining.suggest_difficulty', [300])).result, true)
  await miner.until('what was asked for', () => miner.jobs.length === 3)
  assert.equal(miner.lastJob.difficulty, 256)
  port.server.onStale()
  port.server.onTemplate(templateFixture({ parent: 2, target: EASY }))
  await miner.until('the easy tip', () => miner.jobs.length === 4)
  assert.equal(miner.lastJob.difficulty, 2 ** -16)
})
