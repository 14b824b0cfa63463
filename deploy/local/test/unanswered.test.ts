import assert from 'node:assert/strict'
import test from 'node:test'
import { onTestnet, openHome, reach, STORY } from './home.ts'

test('a job that no worker finishes in time expires, with the coins of the client and the bond of the node free', async () => {
  using home = openHome(15_000)
  const stuck = { ENGINE_TOKEN_DELAY_MS: '2000' }
  await onTestnet(home, { 'worker-1': stuck, 'worker-2': stuck }, async (_testnet, parties) => {
    const before = (await parties.client.wallet()).balance
    const { jobId } = await parties.client.postJob(STORY)
    const job = await reach(parties, jobId, ['expired'])
    assert.equal(job.state, 'expired')
    const wallet = await parties.client.wallet()
    assert.equal(wallet.balance, before)
    assert.equal(wallet.reserved, '0')
    for (const jobPool of parties.jobPools) {
      const { bonds } = await jobPool.getNode({})
      assert.ok(
        bonds.every(({ jobId: holder }) => holder.length === 0),
        'every bond slot is free',
      )
    }
  })
})
