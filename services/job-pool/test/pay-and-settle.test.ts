import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeAddress, txid } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { hash160, publicKeyOf, utf8Decode } from '@camelid/crypto'
import { checkCommitment } from '@camelid/job'
import { JobState, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { assertAnswers, assertUnpaidRefused } from './ask-check.ts'
import { Farm } from './farm.ts'
import { mine } from './mine.ts'

let farm: Farm
before(async () => {
  farm = await Farm.start()
})
after(async () => {
  await farm[Symbol.asyncDispose]()
})

test('a node without funds says how much it waits for and where, and makes its bond slots when they come', async () => {
  const address = encodeAddress(hash160(publicKeyOf(farm.nodeSecret)))
  const poor = await farm.nodeThat('says what it lacks', (node) =>
    node.waitingFor.some((line) => line.startsWith('funds')),
  )
  assert.ok(poor.waitingFor.includes(`funds: send 8.00100000 coins to ${address}`), poor.waitingFor.join('; '))
  const rich = await farm.fundNode(900_000_000n)
  assert.equal(rich.bonds.length, 4)
  assert.ok(rich.bonds.every((bond) => bond.value === 200_000_000n && bond.aged && bond.jobId.length === 0))
  assert.equal(rich.nodeAddress, address)
})

test('a job is accepted, generated, checked, committed, paid, delivered and settled', async () => {
  const { client, chain, jobPool } = farm
  const funded = await client.fund()
  const { jobId } = funded
  const posted = performance.now()
  assert.deepEqual(pick(await client.post(funded)), { outcome: Outcome.OK, code: '' })
  await farm.gateway.flood(MessageType.ACCEPTANCE)
  assert.equal((await client.post(funded)).code, 'KNOWN')

  const { signed } = await client.commitment(jobId)
  const tipHeight = (await chain.getTip({})).tip?.height ?? 0
  const bond = await client.bond(signed)
  checkCommitment(signed, { job: funded.job, params: networkParams('local'), bond, tipHeight })
  await assertUnpaidRefused(farm, jobId)
  const payment = client.payment(funded, signed)
  assert.equal((await client.pay(jobId, signed.hash, payment)).outcome, Outcome.OK)
  const opened = client.open(await client.delivery(jobId), funded, signed)
  const heldMs = performance.now() - posted
  assert.ok(opened.tokenIds.length >= 1)
  assert.ok(utf8Decode(opened.text).length > 0)
  console.log(`# from posting to holding the output: ${Math.round(heldMs)} ms`)

  await assertAnswers(farm, { jobId, ...opened })

  const held = await farm.nodeThat('holds a slot', (node) => node.bonds.some((slot) => slot.jobId.length > 0))
  assert.equal(held.bonds.filter((slot) => slot.jobId.length > 0).length, 1)
  const away = await jobPool.getJob({ jobId })
  const kinds = away.statements.map((statement) => statement.type)
  for (const kind of [
    MessageType.JOB,
    MessageType.ACCEPTANCE,
    MessageType.COMMITMENT,
    MessageType.PAYMENT,
    MessageType.DELIVERY,
  ]) {
    assert.ok(kinds.includes(kind), `no statement of type ${kind}`)
  }
  assert.equal((await client.pay(jobId, signed.hash, payment)).code, 'KNOWN')

  let settled = false
  const settling = client.jobIn(jobId, JobState.SETTLED, 60_000).finally(() => {
    settled = true
  })
  while (!settled) {
    await mine(chain, client.h2)
    await sleep(500)
  }
  const view = await settling
  assert.deepEqual(Uint8Array.from(view.paymentTxid), txid(payment))
  const { utxos } = await chain.getUtxos({ h2: hash160(publicKeyOf(farm.rewardSecret)) })
  assert.deepEqual(
    utxos.map((utxo) => utxo.value),
    [funded.job.reward],
  )
  await mine(chain, client.h2, networkParams('local').bondAge)
  await farm.nodeThat('has all slots free', (node) => node.bonds.every((slot) => slot.jobId.length === 0))
})

test('it stops in order when asked to', async () => {
  assert.equal(await farm.stopPool(), 0)
})

function pick({ outcome, code }: { outcome: Outcome; code: string }) {
  return { outcome, code }
}
