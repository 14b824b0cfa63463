import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { databaseOf } from './database-of.ts'
import { sharedNats } from './shared-nats.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

after(async () => {
  await (await sharedNats()).stop()
})

/** Node keys of those a gateway is connected with, or of those it dialled. */
async function peersOf(gateway: TestGateway, dialledOnly = false): Promise<string[]> {
  const { peers } = await gateway.client.listPeers({})
  return peers.filter(({ inbound }) => !(dialledOnly && inbound)).map(({ h2 }) => bytesToHex(h2))
}

test('at most two outbound peers in one /16, whatever the book holds', async () => {
  await using stack = new AsyncDisposableStack()
  const start = async (P2P_HOST: string) => stack.use(await TestGateway.start({ P2P_HOST }))
  const crowd = await Promise.all(['127.1.0.1', '127.1.0.2', '127.1.0.3', '127.2.0.1'].map(start))
  const picky = stack.use(await TestGateway.prepare({ OUTBOUND_PER_GROUP: '2', OUTBOUND_PEERS: '8' }))
  await picky.start()
  await using database = await databaseOf(picky)
  for (const [place, gateway] of crowd.entries())
    await database.sql`
      insert into address (host, port, tried, place, last_seen_ms)
      values (${gateway.env.P2P_HOST ?? ''}, ${gateway.port}, false, ${place}, ${Date.now()})`
  await until('three peers', async () => (await peersOf(picky, true)).length === 3)
  // Time for more looks at the book, which still has the fourth.
  const seenMs = async () => (await database.sql`select host from address`).length
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  const hosts = (await picky.client.listPeers({})).peers.map(({ host }) => host)
  assert.equal(hosts.filter((host) => host.startsWith('127.1.')).length, 2)
  assert.ok(hosts.includes('127.2.0.1'))
  assert.equal(await seenMs(), 4)
  // Switched off, as a network on one machine needs it.
  await picky.stop()
  await picky.start({ OUTBOUND_PER_GROUP: '0' })
  await until('four peers', async () => (await peersOf(picky, true)).length === 4)
})

test('a node that is told its own address, or has it as its seed, leaves itself alone', async () => {
  await using gateway = await TestGateway.prepare()
  await gateway.start({ SEEDS: `127.0.0.1:${gateway.port}` })
  await until('the log line', () => gateway.output.includes('a seed is this node itself: left alone'))
  await using database = await databaseOf(gateway)
  await database.sql`
    insert into address (host, port, tried, place, last_seen_ms)
    values ('127.0.0.1', ${gateway.port}, false, 1, ${Date.now()}), ('127.0.0.2', ${gateway.port}, false, 2, ${Date.now()})`
  await until(
    'itself forgotten',
    async () => (await database.sql`select 1 from address where host = '127.0.0.1'`).length === 0,
  )
  assert.deepEqual(await peersOf(gateway), [])
  assert.deepEqual((await gateway.client.listBans({})).bans, [])
})
