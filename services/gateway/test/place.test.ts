import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '@camelid/local/testing'
import { questions, request } from '@camelid/p2p'
import { sharedNats } from './shared-nats.ts'
import { TestGateway } from './test-gateway.ts'
import type { TestPeer } from './test-peer.ts'
import { until } from './until.ts'

after(async () => {
  await (await sharedNats()).stop()
})

const CAMELID = fileURLToPath(new URL('../../cli/camelid.js', import.meta.url))

/** What `camelid peer list` says. */
async function listed(gateway: TestGateway, ...more: string[]): Promise<string> {
  const args = [CAMELID, 'peer', 'list', '--gateway', `127.0.0.1:${gateway.env.GRPC_PORT}`, ...more]
  return (await promisify(execFile)(process.execPath, args)).stdout
}

const left = (peers: readonly TestPeer[]): TestPeer[] =>
  peers.filter(({ connection }) => connection.reason === undefined)

test('where all places are taken a newcomer gets in, and 300 connections from one address push out nobody else', async () => {
  const httpPort = await freePort()
  await using gateway = await TestGateway.start({ MAX_INBOUND: '16', HTTP_PORT: String(httpPort) })
  const honest: TestPeer[] = []
  for (let i = 0; i < 10; i++) honest.push(await gateway.dial({ localAddress: `127.${10 + i}.0.1` }))
  const crowd: TestPeer[] = []
  // Those who come faster than others leave are turned away at the door.
  for (let i = 0; i < 300; i++) {
    const one = await gateway.dial({ localAddress: '127.66.0.1' }).catch(() => undefined)
    if (one !== undefined) crowd.push(one)
  }
  assert.ok(crowd.length > 100, `${crowd.length} of the crowd`)
  const count = async () => (await gateway.client.listPeers({})).peers.length
  await until('16 peers', async () => (await count()) === 16)
  await until('the end of the others', () => left([...honest, ...crowd]).length === 16)
  assert.deepEqual([left(honest).length, left(crowd).length], [10, 6])
  const [first] = crowd.filter(({ connection }) => connection.reason !== undefined)
  assert.equal(first?.connection.reason?.data.code, 'NO_PLACE')
  // Whoever comes from elsewhere finds a place, at the cost of the crowd.
  const newcomers: TestPeer[] = []
  for (let i = 0; i < 3; i++)
    newcomers.push(
      await until('a place', () => gateway.dial({ localAddress: `127.${30 + i}.0.1` }).catch(() => undefined)),
    )
  await until('16 peers again', async () => left([...honest, ...crowd, ...newcomers]).length === 16)
  assert.deepEqual([left(honest).length, left(newcomers).length, left(crowd).length], [10, 3, 3])
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  assert.match(metrics, new RegExp(`camelid_p2p_evicted_total(\\{.*\\})? ${crowd.length - 3}\\n`))
  for (const peer of left([...honest, ...crowd, ...newcomers])) peer.connection.close('NOT_NEEDED')
})

test('a node learns from peers where it is seen and that it is reached, and only then tells of itself', async () => {
  const httpPort = await freePort()
  await using seed = await TestGateway.start()
  await using hidden = await TestGateway.start({ SEEDS: `127.0.0.1:${seed.port}`, HTTP_PORT: String(httpPort) })
  const reach = async () => (await hidden.client.listPeers({})).reach
  await until('where it is seen', async () => (await reach())?.host === '127.0.0.1')
  // The seed looks whether somebody listens where the newcomer says so, which is how both learn of it.
  await until('that it is reached', async () => (await reach())?.reachable === true)
  const asker = await hidden.dial()
  const { peers } = await request(asker.connection, questions.peers, {}, { timeoutMs: 10_000 })
  assert.ok(peers.some(({ port }) => port === hidden.port))
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  assert.match(metrics, /camelid_p2p_reachable(\{.*\})? 1/)
  assert.match(metrics, /camelid_p2p_messages_total\{direction="in",type="GET_PEERS",.*\} 1/)
  assert.match(await listed(hidden), /peers see this node at 127\.0\.0\.1; it is reached from outside on port \d+/)
  assert.match(await listed(hidden, '--json'), /"reach":\{"host":"127\.0\.0\.1","port":\d+,"reachable":true/)
  asker.connection.close('NOT_NEEDED')
  // The seed dialled nobody: it does not know where it is seen, and does not tell.
  assert.equal((await seed.client.listPeers({})).reach?.host, '')
  const other = await seed.dial()
  const told = await request(other.connection, questions.peers, {}, { timeoutMs: 10_000 })
  assert.ok(told.peers.every(({ port }) => port !== seed.port))
  assert.match(await listed(seed), /peers do not agree yet on where they see this node/)
})
