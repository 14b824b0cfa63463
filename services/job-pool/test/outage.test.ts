import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { JobState, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { eventually } from './eventually.ts'
import { Farm } from './farm.ts'
import { mine } from './mine.ts'

let farm: Farm
before(async () => {
  farm = await Farm.start({ worker: false, pool: { BOND_SLOTS: '2' } })
  await mine(farm.chain, farm.client.h2, 10)
})
after(async () => {
  await farm[Symbol.asyncDispose]()
})

const later = (seconds: number) => ({ timelock: Math.ceil(Date.now() / 1000) + seconds, maxTokens: 8 })

test('a job that comes before the worker and the bond slots is taken when they are there', async () => {
  const { client, jobPool } = farm
  const funded = await client.fund(later(150))
  const verdict = await client.post(funded)
  assert.deepEqual([verdict.code, verdict.outcome], ['NO_WORKER', Outcome.OK])
  await farm.startWorkers()
  const waiting = await jobPool.getJob({ jobId: funded.jobId })
  assert.equal(waiting.job?.mine, false, 'without a bond slot there is no acceptance')
  await farm.fundBonds(450_000_000n)
  const { signed } = await client.commitment(funded.jobId)
  assert.equal((await client.pay(funded.jobId, signed.hash, client.payment(funded, signed))).code, '')
  client.open(await client.delivery(funded.jobId), funded, signed)
})

test('a payment in time for a chain that is away until the deadline is past is delivered for, and its coins are reserved', async () => {
  const { client, chain } = farm
  const funded = await client.fund(later(16))
  assert.equal((await client.post(funded)).code, '')
  const { signed } = await client.commitment(funded.jobId)
  const payment = client.payment(funded, signed)
  await farm.kill('chain')
  const verdict = await client.pay(funded.jobId, signed.hash, payment)
  assert.equal(verdict.outcome, Outcome.IGNORE)
  await client.jobIn(funded.jobId, JobState.EXPIRED)
  await farm.startChain()
  client.open(await client.delivery(funded.jobId), funded, signed)
  const outpoint = funded.job.fundingOutpoint
  const { output } = await chain.getOutput({ outpoint })
  assert.equal(output?.spentInMempool, true)
})

test('a job that comes while the chain is away is refused, and leaves nothing reserved', async () => {
  const { client, chain, jobPool } = farm
  const [coin] = await client.coins()
  assert.ok(coin)
  const funded = await client.fund(later(16), [coin])
  await farm.kill('chain')
  const verdict = await client.post(funded)
  assert.equal(verdict.outcome, Outcome.IGNORE)
  await assert.rejects(jobPool.getJob({ jobId: funded.jobId }), { code: 'NOT_FOUND' })
  await farm.startChain()
  await mine(chain, client.h2)
  const again = await client.fund({ ...later(16), seed: 8n }, [coin])
  const taken = await eventually('the coin to be free', async () => {
    const answer = await client.post(again)
    return answer.outcome === Outcome.OK ? answer : null
  })
  assert.notEqual(taken.code, 'OUTPOINT_IN_USE')
})
