import assert from 'node:assert/strict'
import test from 'node:test'
import { onTestnet, openHome, reach, STORY } from './home.ts'
import { until } from './until.ts'

test('a job that no worker finishes in time expires, with the coins of the client and the bond of the node free', async () => {
  using home = openHome(15_000)
  const stuck = { ENGINE_TOKEN_DELAY_MS: '2000' }
  await onTestnet(home, { 'worker-1': stuck, 'worker-2': stuck }, async (_testnet, parties) => {
    const before = (await parties.client.wallet()).balance
    const { jobId } = await parties.client.postJob(STORY)
    const job = await reach(parties, jobId, ['expired'])
    assert.equal(job.state, 'expired')
    // The node gives up the job by its own clock, and the wallet sees then that no mempool holds its coins any more.
    await until('free coins', async () => (await parties.client.wallet()).reserved === '0')
    assert.equal((await parties.client.wallet()).balance, before)
    for (const jobPool of parties.jobPools)
      await until('free bond slots', async () => {
        const { bonds } = await jobPool.getNode({})
        return bonds.every(({ jobId: holder }) => holder.length === 0)
      })
  })
})
