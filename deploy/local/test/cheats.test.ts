import assert from 'node:assert/strict'
import test from 'node:test'
import { cheatOverrides } from '../src/commands/cheat.ts'
import { longWindow, onTestnet, openHome, reach, STORY } from './home.ts'

/** Each job holds a bond slot until it is settled, which takes longer than all that is tested here. */
const SLOTS = { BOND_SLOTS: '10', BOND_VALUE: '0.5' }

test('the whole path with honest and with cheating workers', async (t) => {
  using home = openHome(12_000)

  for (const cheat of ['', 'flip', 'truncate', 'pad', 'other-model', 'wrong-seed', '']) {
    const cheating = cheatOverrides({ CHEAT: cheat })
    await t.test(cheat === '' ? 'honest work is VALID' : `CHEAT=${cheat} is INVALID`, () =>
      onTestnet(
        home,
        longWindow({ ...cheating, 'job-pool': { ...cheating['job-pool'], ...SLOTS } }),
        async (_testnet, parties) => {
          const { jobId } = await parties.client.postJob(STORY)
          const { receipt } = await reach(parties, jobId, ['checked'])
          assert.ok(receipt, 'a checked job has a receipt')
          assert.equal(receipt.verdict, cheat === '' ? 'VALID' : 'INVALID', JSON.stringify(receipt))
          if (cheat !== '')
            assert.ok(Number(receipt.firstDivergence) >= 0, `where it diverges first: ${receipt.reason}`)
        },
      ),
    )
  }

  await t.test("the farm's own verifier keeps a cheating worker from staking the bond", async () => {
    const worker = { CHEAT: 'flip' }
    await onTestnet(home, { 'worker-1': worker, 'worker-2': worker, 'job-pool': SLOTS }, async (_testnet, parties) => {
      const { jobId } = await parties.client.postJob(STORY)
      const job = await reach(parties, jobId, ['expired', 'failed'])
      assert.ok(!job.events.some(({ stage }) => stage === 'committed'), 'nothing was committed')
    })
  })
})
