import assert from 'node:assert/strict'
import test from 'node:test'
import type { Parties } from '../src/demo/parties.ts'
import type { LocalNode } from '../src/services/table.ts'
import { waitReady } from '../src/services/wait-ready.ts'
import type { Testnet } from '../src/testnet.ts'
import { startMiner } from './far-miner.ts'
import { longWindow, onTestnet, openHome, reach, STORY } from './home.ts'
import { NodeView } from './node-view.ts'
import { until } from './until.ts'

/** 64 tokens at 30 ms each: a job that can be hit in its middle. */
const ORDER = { ...STORY, maxTokens: 64 }
const SLOW = { ENGINE_TOKEN_DELAY_MS: '30' }
/** Each job holds a slot until it is settled, which takes longer than all that is tested here. */
const POOL = { BOND_SLOTS: '10', BOND_VALUE: '0.5', LEASE_MS: '4000' }

test('five nodes killed and started again one after the other while jobs come finish every job', async () => {
  using home = openHome(22_000, { NODES: '5' })
  const said: string[] = []
  const use = async (testnet: Testnet, parties: Parties) => {
    using stack = new DisposableStack()
    const views = testnet.nodes.map((node) => stack.use(new NodeView(node)))
    const keys = await Promise.all(views.map((view) => view.h2()))
    // It goes on mining while the miner of the first node is away, and pays the client: a coin for every job.
    await using _far = startMiner(testnet.nodes[3], (await parties.client.wallet()).address)
    const jobs: string[] = []
    // Refused while too few of its peers are there, and while each of its coins is in a job.
    const post = async () => {
      const { jobId } = await until('a job to be taken', () =>
        parties.client.postJob({ ...ORDER, seed: String(jobs.length) }),
      )
      jobs.push(jobId)
      return jobId
    }
    for (const view of views) {
      await until(`${view.node.name} to know all`, () => view.knows(keys))
      await reach(parties, await post(), ['generating'])
      await Promise.all([killAll(testnet, view.node), post()])
    }
    const ends = jobs.map(async (jobId) => (await reach(parties, jobId, ['checked'], 120_000)).receipt?.verdict)
    const verdicts = (await Promise.allSettled(ends)).map((end) => ('value' in end ? end.value : String(end.reason)))
    assert.deepEqual(
      verdicts,
      jobs.map(() => 'VALID'),
      said.join('\n'),
    )
  }
  const overrides = longWindow({ 'worker-1': SLOW, 'worker-2': SLOW, 'job-pool': POOL }, 30)
  await onTestnet(home, overrides, use, (line) => said.push(line))
})

/** SIGKILL to every service of a node; resolves when all of them were started again and are ready. */
async function killAll(testnet: Testnet, { services }: LocalNode): Promise<void> {
  const before = services.map(({ name }) => testnet.service(name).process.pid)
  for (const pid of before) process.kill(pid, 'SIGKILL')
  await Promise.all(
    services.map(async ({ name, httpPort }, i) => {
      await until(`${name} to be started again`, async () => testnet.service(name).process.pid !== before[i])
      await waitReady({ name, httpPort, timeoutMs: 60_000, signal: testnet.failed })
    }),
  )
}
