import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { networkParams } from '@camelid/consensus'
import { bytesToHex, generatePrivateKey } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { type Identity, identityOf, listenPeers, type PeerConnection, Services } from '@camelid/p2p'
import { MessageType, PeersSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { databaseOf } from './database-of.ts'
import { sharedNats } from './shared-nats.ts'
import { TestGateway } from './test-gateway.ts'
import { silent } from './test-peer.ts'
import { until } from './until.ts'

after(async () => {
  await (await sharedNats()).stop()
})

/** Addresses nobody listens at, 1,000 in a message, no two alike. */
function nonsense(message: number): Uint8Array {
  const peers = Array.from({ length: 1_000 }, (_, i) => ({
    host: `127.${100 + (message % 100)}.${i >> 8}.${i & 255}`,
    port: 1 + Math.floor(message / 100),
    services: 3n,
    h2: new Uint8Array(20).fill(1),
    lastSeen: BigInt(Math.floor(Date.now() / 1_000)),
  }))
  return toBinary(PeersSchema, create(PeersSchema, { peers }))
}

/** A node that tells nonsense: 10,000 addresses unasked, or 1,000 whenever it is asked. */
async function startLiar(unasked: boolean) {
  const identity = identityOf(generatePrivateKey())
  const told = { answers: 0 }
  const lie = async (connection: PeerConnection): Promise<void> => {
    const tell = (message: number): boolean => connection.send({ type: MessageType.PEERS, payload: nonsense(message) })
    if (unasked) for (let i = 0; i < 10; i++) tell(i)
    for await (const frame of connection.frames) if (frame.type === MessageType.GET_PEERS) tell(told.answers++)
  }
  const listener = await listenPeers({
    identity,
    params: networkParams('local'),
    services: Services.CHAIN | Services.JOBS,
    agent: 'liar/1',
    getStatus: () => ({ height: 0, work: new Uint8Array(0) }),
    log: silent,
    host: '127.0.0.1',
    port: 0,
    onConnection: (connection) => void lie(connection),
  })
  const close = () => listener[Symbol.asyncDispose]()
  return { identity, told, address: `127.0.0.1:${listener.port}`, [Symbol.asyncDispose]: close }
}

test('a peer that tells addresses of nonsense by the thousand changes little: the honest are found among them', async () => {
  await using stack = new AsyncDisposableStack()
  const asked = stack.use(await startLiar(false))
  const unasked = stack.use(await startLiar(true))
  const honest = stack.use(await TestGateway.start())
  const further = stack.use(await TestGateway.start({ SEEDS: `127.0.0.1:${honest.port}` }))
  const SEEDS = [asked.address, unasked.address, `127.0.0.1:${honest.port}`].join(',')
  const victim = stack.use(await TestGateway.start({ SEEDS, OUTBOUND_PEERS: '32' }))
  await using database = await databaseOf(victim)
  const hearsay = async () => (await database.sql`select 1 from address where h2 is null`).length
  const isPeer = async ({ identity }: { identity: Identity }): Promise<boolean> =>
    (await victim.client.listPeers({})).peers.some(({ h2 }) => bytesToHex(h2) === bytesToHex(identity.h2))
  await until('nonsense in the book', async () => (await hearsay()) > 50)
  await until('the node that only the honest one knows', () => isPeer(further), 25_000)
  // Of an answer a hundred are taken; to tell unasked is misbehaviour.
  assert.ok((await hearsay()) <= 100 * asked.told.answers)
  assert.equal(unasked.told.answers, 0)
  const { bans } = await victim.client.listBans({})
  assert.deepEqual(
    bans.map(({ who }) => who.case === 'h2' && bytesToHex(who.value)),
    [bytesToHex(unasked.identity.h2)],
  )
  assert.deepEqual(await Promise.all([honest, asked].map(isPeer)), [true, true])
})

test('300 connections from one address leave room for others, and silent ones are closed', async () => {
  const httpPort = await freePort()
  await using gateway = await TestGateway.start({ MAX_INBOUND_PER_HOST: '16', HTTP_PORT: String(httpPort) })
  const sockets: Socket[] = []
  const open = () => sockets.filter((socket) => !socket.closed)
  try {
    for (let i = 0; i < 300; i++) {
      const socket = connect({ host: '127.0.0.1', port: gateway.port, localAddress: '127.0.0.2' })
      socket.on('error', () => undefined)
      socket.resume()
      sockets.push(socket)
    }
    await until('room', () => open().length <= 16)
    const [one, two] = [await gateway.dial(), await gateway.dial()]
    await until('two peers', async () => (await gateway.client.listPeers({})).peers.length === 2)
    await until('an end of the silent', () => open().length === 0, 25_000)
    assert.deepEqual([one.connection.reason, two.connection.reason], [undefined, undefined])
    assert.equal((await fetch(`http://127.0.0.1:${httpPort}/healthz`)).status, 200)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
})
