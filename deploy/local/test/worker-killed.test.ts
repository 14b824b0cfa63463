import assert from 'node:assert/strict'
import test from 'node:test'
import type { Testnet } from '../src/testnet.ts'
import { longWindow, onTestnet, openHome, reach, STORY } from './home.ts'

// 160 tokens at 20 ms each: long enough to be killed in the middle, short enough for the commitment's deadline.
const SLOW = { ENGINE_TOKEN_DELAY_MS: '20' }

test('a worker killed in the middle is replaced, and the output is the one the model gives', async () => {
  using home = openHome(14_000)
  // A longer contest window leaves time for the redelivery of the work.
  await onTestnet(home, longWindow({ 'worker-1': SLOW, 'worker-2': SLOW }), async (testnet, parties) => {
    const { jobId } = await parties.client.postJob(STORY)
    await reach(parties, jobId, ['generating'])
    const busy = await busyWorker(testnet)
    process.kill(testnet.service(busy).process.pid, 'SIGKILL')
    const { receipt } = await reach(parties, jobId, ['checked'])
    assert.equal(receipt?.verdict, 'VALID', JSON.stringify(receipt))
    assert.equal(receipt?.misses, 0)
    assert.equal(receipt?.positionsChecked, receipt?.tokens)
  })
})

/** The worker whose metrics say that it has work. */
async function busyWorker({ ports }: Testnet): Promise<'worker-1' | 'worker-2'> {
  const metrics = await (await fetch(`http://127.0.0.1:${ports.worker1Http}/metrics`)).text()
  const busy = /^camelid_worker_busy(?:\{[^}]*\})? (\d+)$/m.exec(metrics)
  assert.ok(busy, 'the worker tells how many jobs it runs')
  return busy[1] === '0' ? 'worker-2' : 'worker-1'
}
