import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { questions, request, Services } from '@camelid/p2p'
import { PeerStatus } from '@camelid/proto/p2p/v1/messages_pb'
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

/** What a gateway offers. */
const ALL = Services.CHAIN | Services.JOBS | Services.CHECKS | Services.OPEN_JOBS

test('five nodes that know one seed become a full mesh; killed and without seeds, one finds its anchors again', async () => {
  await using stack = new AsyncDisposableStack()
  const seed = stack.use(await TestGateway.start({ OUTBOUND_PEERS: '4' }))
  const SEEDS = `127.0.0.1:${seed.port}`
  const others = await Promise.all(
    Array.from({ length: 4 }, async () => stack.use(await TestGateway.start({ SEEDS, OUTBOUND_PEERS: '4' }))),
  )
  for (const gateway of [seed, ...others])
    await until('a full mesh', async () => new Set(await peersOf(gateway)).size === 4, 30_000)
  // Nobody is connected twice, nor with itself, and nobody was charged for anything.
  for (const gateway of [seed, ...others]) {
    const { peers } = await gateway.client.listPeers({})
    assert.deepEqual([peers.length, peers.reduce((sum, { score }) => sum + score, 0)], [4, 0])
  }
  // What the seed tells of them: reached by itself, with services and status.
  const asker = await seed.dial()
  await until('all told', async () => {
    const { peers } = await request(asker.connection, questions.peers, {}, { timeoutMs: 10_000 })
    const told = peers.filter(({ services, status }) => services === ALL && status === PeerStatus.CONNECTED)
    const ports = new Set(told.map(({ port }) => port))
    return others.every(({ port }) => ports.has(port))
  })
  asker.connection.close('NOT_NEEDED')

  const counts = await Promise.all(others.map(async (gateway) => (await peersOf(gateway, true)).length))
  const victim = others[counts.indexOf(Math.max(...counts))] ?? assert.fail()
  const dialled = await peersOf(victim, true)
  await using database = await databaseOf(victim)
  const anchors = async () => (await database.sql`select host, port from anchor`).length
  await until('all anchors', async () => (await anchors()) === dialled.length)
  await victim.stop('SIGKILL')
  // Whatever became of the book meanwhile.
  await database.sql`delete from address`
  await victim.start({ SEEDS: '', OUTBOUND_PEERS: String(dialled.length) })
  await until('the anchors', async () => {
    const back = await peersOf(victim)
    return dialled.every((h2) => back.includes(h2))
  })
})
