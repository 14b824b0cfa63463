import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Parties } from '../src/demo/parties.ts'
import type { Testnet } from '../src/testnet.ts'
import { longWindow, onTestnet, openHome, reach, STORY } from './home.ts'

const SLOW = { ENGINE_TOKEN_DELAY_MS: '20' }

test('a job goes on when PostgreSQL, NATS and then the client are killed in its middle, and each is started again', async () => {
  using home = openHome(18_000)
  const said: string[] = []
  const kill = (pid: number) => process.kill(pid, 'SIGKILL')
  const use = async (testnet: Testnet, parties: Parties) => {
    const { jobId } = await parties.client.postJob(STORY)
    await reach(parties, jobId, ['generating'])
    serverPids(testnet).forEach(kill)
    await reach(parties, jobId, ['paid'])
    kill(testnet.service('client').process.pid)
    const { receipt } = await reach(parties, jobId, ['checked'])
    assert.equal(receipt?.verdict, 'VALID', JSON.stringify(receipt))
  }
  await onTestnet(home, longWindow({ 'worker-1': SLOW, 'worker-2': SLOW }), use, (line) => said.push(line))
  for (const name of ['PostgreSQL', 'NATS', 'client'])
    assert.ok(said.includes(`${name} ended (SIGKILL); starting it again`), said.join('\n'))
})

/** Of PostgreSQL and NATS, as the launcher noted them for a start after its own end. */
function serverPids({ state }: Testnet): number[] {
  const noted: { kind: string; process: { pid: number } }[] = JSON.parse(
    readFileSync(join(state.home, 'processes.json'), 'utf8'),
  )
  const pids = noted.filter(({ kind }) => kind === 'postgres' || kind === 'nats').map(({ process }) => process.pid)
  assert.equal(pids.length, 2)
  return pids
}
