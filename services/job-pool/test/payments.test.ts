import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Commitment, encodeTransaction, hashCommitment, type Signed, type Transaction, txid } from '@camelid/codec'
import { generatePrivateKey, publicKeyOf } from '@camelid/crypto'
import type { Funding, FundingCoin } from '@camelid/job'
import { JobState, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { eventually } from './eventually.ts'
import { Farm } from './farm.ts'
import { mine } from './mine.ts'
import { RivalNode } from './rival-node.ts'

type Sale = { readonly funded: Funding; readonly signed: Signed<Commitment>; readonly payment: Transaction }

let farm: Farm
let rival: RivalNode
before(async () => {
  farm = await Farm.start()
  await farm.fundNode(900_000_000n)
  await mine(farm.chain, farm.client.h2, 7)
  rival = new RivalNode(farm)
  await rival.makeBond()
})
after(async () => {
  await farm[Symbol.asyncDispose]()
})

/** Jobs that this node has committed to, all at once, with the payment that each asks for. */
async function sell(count: number): Promise<Sale[]> {
  const { client } = farm
  const coins = (await client.coins()).slice(0, count)
  assert.equal(coins.length, count)
  const timelock = Math.ceil(Date.now() / 1000) + 20
  return await Promise.all(
    coins.map(async (coin) => {
      const funded = await client.fund({ timelock, maxTokens: 8 }, [coin])
      assert.equal((await client.post(funded)).code, '')
      const { signed } = await client.commitment(funded.jobId)
      return { funded, signed, payment: client.payment(funded, signed) }
    }),
  )
}

/** Two jobs paid to the rival, which stakes the same slot on both; in the mempool for now. */
async function sellOfRival(): Promise<[Sale, Sale]> {
  const { client } = farm
  const timelock = Math.ceil(Date.now() / 1000) + 20
  const [first, second] = (await client.coins()).slice(0, 2)
  assert.ok(first && second)
  const sellOne = async (coin: FundingCoin, seed: bigint): Promise<Sale> => {
    const funded = await client.fund({ timelock, maxTokens: 8, seed }, [coin])
    assert.equal((await client.post(funded)).outcome, Outcome.OK)
    const commitment = rival.commitment(funded, await rival.tip())
    assert.equal((await rival.commit(commitment)).code, '')
    const signed = { statement: commitment, hash: hashCommitment(commitment), signature: new Uint8Array(64) }
    const payment = client.payment(funded, signed)
    assert.equal((await client.pay(funded.jobId, signed.hash, payment)).code, '')
    assert.equal(await inMempool(payment), true)
    return { funded, signed, payment }
  }
  return [await sellOne(first, 71n), await sellOne(second, 72n)]
}

const pay = ({ funded, signed }: Sale, payment: Transaction) => farm.client.pay(funded.jobId, signed.hash, payment)

const inMempool = async (payment: Transaction) =>
  (await farm.chain.getTransaction({ txid: txid(payment) }).catch(() => null))?.inMempool ?? false

/** A payment waits for its timelock, by the median time of the last blocks. */
const submitOnceFinal = (payment: Transaction): Promise<boolean> =>
  eventually('the payment to be final', async () => {
    await farm.chain.submitTransaction({ transaction: encodeTransaction(payment) })
    return true
  })

async function mineUntil(done: Promise<unknown>): Promise<void> {
  let over = false
  void done.finally(() => {
    over = true
  })
  while (!over) {
    await mine(farm.chain, farm.client.h2)
    await sleep(600)
  }
  await done
}

test('payments that conflict, lose their place, or never come here: the chain decides, and a node is paid and delivers', async () => {
  const { client, chain, jobPool } = farm
  const [twice, lost, silent, restarted] = await sell(4)
  assert.ok(twice && lost && silent && restarted)
  const [one, two] = await sellOfRival()

  // The client signs a second payment, to somebody else.
  const other = { rewardHash: client.h2, nodeKey: publicKeyOf(generatePrivateKey()) }
  const second = client.payment(twice.funded, { ...twice.signed, statement: { ...twice.signed.statement, ...other } })
  assert.equal((await pay(twice, twice.payment)).code, '')
  const forged = { ...second, vin: twice.payment.vin }
  assert.deepEqual(codes(await pay(twice, forged)), ['BAD_SIGNATURE', Outcome.REJECT])
  assert.deepEqual(codes(await pay(twice, second)), ['PAYMENT_CONFLICT', Outcome.OK], 'kept and passed on')
  assert.equal(await inMempool(twice.payment), true, 'the first seen stands')
  const { statements } = await jobPool.getJob({ jobId: twice.funded.jobId })
  assert.equal(statements.filter(({ type }) => type === MessageType.PAYMENT).length, 2)

  // The reservation is gone when P comes.
  await chain.releaseReservation({ jobId: lost.funded.jobId })
  assert.equal((await pay(lost, lost.payment)).code, '')
  assert.equal(await inMempool(lost.payment), true)
  client.open(await client.delivery(lost.funded.jobId), lost.funded, lost.signed)

  // The reservation goes while the job-pool is away.
  assert.equal((await pay(restarted, restarted.payment)).code, '')
  await farm.killPool()
  await chain.releaseReservation({ jobId: restarted.funded.jobId })
  await farm.startPool()
  await mine(chain, client.h2)
  await eventually('the payment to be back', async () => ((await inMempool(restarted.payment)) ? true : null))

  // The rival staked one slot on two jobs: neither payment may be mined.
  await eventually('the rival’s payments to be out', async () =>
    (await inMempool(one.payment)) || (await inMempool(two.payment)) ? null : true,
  )

  // Another pool had the second payment first, and its miner finds the block.
  await chain.releaseReservation({ jobId: twice.funded.jobId })
  await chain.reserve({ jobId: twice.funded.jobId, funding: encodeTransaction(second) })

  // P was sent to everybody but this node.
  await client.jobIn(silent.funded.jobId, JobState.EXPIRED)
  await mineUntil(client.jobIn(restarted.funded.jobId, JobState.SETTLED, 90_000))
  await mineUntil(submitOnceFinal(silent.payment))
  // Another miner took one of the rival's payments all the same: the slot backs the other job alone then.
  await chain.submitTransaction({ transaction: encodeTransaction(one.payment) })
  await mine(chain, client.h2)
  await mineUntil(client.jobIn(two.funded.jobId, JobState.SETTLED, 90_000))

  const settledBy = async ({ funded }: Sale) => (await client.jobIn(funded.jobId, JobState.SETTLED)).paymentTxid
  assert.deepEqual(Buffer.from(await settledBy(twice)), Buffer.from(txid(second)), 'only what is mined is final')
  for (const sale of [one, two]) assert.deepEqual(Buffer.from(await settledBy(sale)), Buffer.from(txid(sale.payment)))
  for (const sale of [lost, silent, restarted]) {
    assert.deepEqual(Buffer.from(await settledBy(sale)), Buffer.from(txid(sale.payment)))
    client.open(await client.delivery(sale.funded.jobId), sale.funded, sale.signed)
  }
})

const codes = ({ code, outcome }: { readonly code: string; readonly outcome: Outcome }) => [code, outcome]
