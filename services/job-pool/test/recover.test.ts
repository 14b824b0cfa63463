import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { create, toBinary } from '@bufbuild/protobuf'
import { txid } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { bytesToHex, hash160 } from '@camelid/crypto'
import { BlockConnectedSchema, BlockDisconnectedSchema } from '@camelid/proto/events/v1/events_pb'
import { JobState, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { eventually } from './eventually.ts'
import { Farm } from './farm.ts'
import { mine } from './mine.ts'

/** Long enough to be killed twice in between; milliseconds a token. */
const SLOW = { ENGINE_TOKEN_DELAY_MS: '40' }

let farm: Farm
before(async () => {
  farm = await Farm.start({ worker: SLOW, pool: { BOND_SLOTS: '2' } })
  await farm.fundNode(450_000_000n)
  await mine(farm.chain, farm.client.h2, 5)
})
after(async () => {
  await farm[Symbol.asyncDispose]()
})

const later = (seconds: number) => ({ timelock: Math.ceil(Date.now() / 1000) + seconds })

/** Kills the job-pool as a crash would, and starts it again with nothing flooded yet. */
async function crash(): Promise<void> {
  await farm.killPool()
  farm.gateway.floods.length = 0
  await farm.startPool()
}

test('killed while generating, between commitment and payment, and after delivery: the job goes on, byte for byte', async () => {
  const { client, chain, jobPool, gateway } = farm
  const [coin] = await client.coins()
  assert.ok(coin)
  const funded = await client.fund(later(26), [coin])
  const { jobId } = funded
  assert.equal((await client.post(funded)).code, '')
  await gateway.flood(MessageType.PROGRESS)
  await crash()
  const { payload: commitment, signed } = await client.commitment(jobId)
  await crash()
  assert.deepEqual((await client.commitment(jobId)).payload, commitment)
  const payment = client.payment(funded, signed)

  const wrong = { ...payment, vout: payment.vout.slice(0, 2) }
  assert.equal((await client.pay(jobId, signed.hash, wrong)).code, 'BAD_PAYMENT')
  const unsigned = { ...payment, vin: payment.vin.map((input) => ({ ...input, scriptSig: new Uint8Array(0) })) }
  assert.equal((await client.pay(jobId, signed.hash, unsigned)).outcome, Outcome.REJECT)

  // The name of the commitment beside P is nobody's signature: P itself says what it pays.
  assert.equal((await client.pay(jobId, new Uint8Array(32), payment)).code, '')
  const delivery = await client.delivery(jobId)
  client.open(delivery, funded, signed)
  await crash()
  assert.deepEqual(await client.delivery(jobId), delivery)

  let settled = false
  const settling = client.jobIn(jobId, JobState.SETTLED, 90_000).finally(() => {
    settled = true
  })
  while (!settled) {
    await mine(chain, client.h2)
    await sleep(600)
  }
  assert.deepEqual(Uint8Array.from((await settling).paymentTxid), txid(payment))
  const { proof } = await chain.getProof({ txid: txid(payment) })
  assert.ok(proof)

  const abort = new AbortController()
  const bus = await farm.openBus(abort.signal)
  const block = { hash: proof.blockHash, height: proof.height }
  const gone = toBinary(BlockDisconnectedSchema, create(BlockDisconnectedSchema, block))
  await bus.publish('chain.block.disconnected', gone, { id: 'test-disconnected' })
  await client.jobIn(jobId, JobState.DELIVERED)
  const back = toBinary(
    BlockConnectedSchema,
    create(BlockConnectedSchema, { ...block, txids: [new Uint8Array(32), txid(payment)] }),
  )
  await bus.publish('chain.block.connected', back, { id: 'test-connected' })
  await client.jobIn(jobId, JobState.SETTLED)
  abort.abort()
  assert.equal((await jobPool.listJobs({ state: JobState.SETTLED })).jobs.length, 1)
})

test('unpaid, a job expires: its coins are free, its slot waits for the verdicts that could still come', async () => {
  const { client, chain } = farm
  // The slot of the settled job is free when its payment has A blocks.
  await mine(chain, client.h2, networkParams('local').bondAge)
  await farm.nodeThat('has all slots free', (node) => node.bonds.every((slot) => slot.jobId.length === 0))
  const [one, two, three] = await client.coins()
  assert.ok(one && two && three)
  const first = await client.fund({ ...later(16), maxTokens: 8 }, [one])
  assert.equal((await client.post(first)).code, '')
  const second = await client.fund({ ...later(16), maxTokens: 8, seed: 2n }, [two])
  assert.equal((await client.post(second)).code, '')
  const third = await client.post(await client.fund({ ...later(16), maxTokens: 8, seed: 3n }, [three]))
  assert.deepEqual([third.code, third.outcome], ['NO_BOND_SLOT', Outcome.OK])
  const { signed } = await client.commitment(first.jobId)
  await client.commitment(second.jobId)

  const unpaid = await client.jobIn(first.jobId, JobState.EXPIRED)
  assert.equal(unpaid.reason, 'no payment by its deadline')
  await client.jobIn(second.jobId, JobState.EXPIRED)
  await eventually('coins that are free again', async () => {
    const free = (await client.coins()).map(({ outpoint }) => bytesToHex(outpoint.txid))
    return [one, two].every(({ outpoint }) => free.includes(bytesToHex(outpoint.txid))) ? true : null
  })

  const payment = client.payment(first, signed)
  const unsigned = { ...payment, vin: payment.vin.map((input) => ({ ...input, scriptSig: new Uint8Array(0) })) }
  assert.equal((await client.pay(first.jobId, signed.hash, unsigned)).code, 'BAD_SIGNATURE')
  const late = await client.pay(first.jobId, signed.hash, payment)
  assert.deepEqual([late.code, late.outcome], ['LATE', Outcome.OK])
  client.open(await client.delivery(first.jobId), first, signed)

  const node = await farm.nodeThat('still holds the slots of its commitments', ({ bonds }) =>
    bonds.slice(0, 2).every((slot) => slot.jobId.length > 0),
  )
  assert.ok(node.bonds.length >= 2)
  await mine(chain, client.h2)
})

test('work that comes to nothing before a commitment frees its slot at once', async () => {
  const { client, chain } = farm
  await client.send(await nodeHash(), 500_000_000n)
  await mine(chain, client.h2, 2)
  await sleep(500)
  await mine(chain, client.h2, 4)
  const before = await farm.nodeThat('has a free slot again', (node) => freeSlots(node.bonds) > 0)
  const [coin] = await client.coins()
  assert.ok(coin)
  const text = 'The camel walked on. '.repeat(400)
  const long = await client.fund({ input: [{ kind: 0, text }], ...later(16) }, [coin])
  assert.equal((await client.post(long)).code, '')
  const failed = await eventually('a failure', async () => {
    const { job } = await farm.jobPool.getJob({ jobId: long.jobId })
    return job !== undefined && job.reason !== '' ? job : null
  })
  assert.match(failed.reason, /^PROMPT_TOO_LONG/)
  await farm.nodeThat('has its slot back', (node) => freeSlots(node.bonds) === freeSlots(before.bonds))
  assert.match((await client.jobIn(long.jobId, JobState.EXPIRED)).reason, /^PROMPT_TOO_LONG/)
})

const freeSlots = (bonds: readonly { jobId: Uint8Array; aged: boolean }[]) =>
  bonds.filter((slot) => slot.aged && slot.jobId.length === 0).length

async function nodeHash(): Promise<Uint8Array> {
  return hash160((await farm.jobPool.getNode({})).nodeKey)
}
