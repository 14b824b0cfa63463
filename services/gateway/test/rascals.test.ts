import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex, generatePrivateKey } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { identityOf, NO_ADDRESS, questions, readMessage, request } from '@camelid/p2p'
import { GetTransactionsSchema, InventorySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { breakTls, tapLine } from './middle.ts'
import { payloadOf, Relay } from './relay.ts'
import { sharedNats } from './shared-nats.ts'
import { jobMessage } from './signed-messages.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

let relay: Relay | undefined
let httpPort: number

before(async () => {
  httpPort = await freePort()
  relay = await Relay.start({ HTTP_PORT: String(httpPort) })
})

after(async () => {
  await relay?.[Symbol.asyncDispose]()
  await (await sharedNats()).stop()
})

function started(): Relay {
  assert.ok(relay !== undefined)
  return relay
}

async function metric(name: RegExp): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  const lines = text.split('\n').filter((line) => name.test(line))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

test('whoever listens at the line sees no text of a job, nor who speaks', async () => {
  const { gateway, pool } = started()
  await using tap = await tapLine(gateway.port)
  const identity = identityOf(generatePrivateKey())
  const peer = await gateway.dial({ identity, port: tap.port })
  const job = jobMessage(identity)
  assert.ok(Buffer.from(job).includes('what a camelid eats'))
  await started().tell(peer, MessageType.JOB, job)
  assert.ok(pool.judged.some(({ payload }) => Buffer.compare(payload, job) === 0))
  const passed = tap.passed()
  assert.ok(passed.length > job.length)
  const secrets = [
    'what a camelid eats',
    identity.publicKey,
    identity.h2,
    gateway.identity.publicKey,
    job.slice(40, 60),
  ]
  for (const secret of secrets) assert.equal(passed.includes(Buffer.from(secret)), false)
  peer.connection.close('NOT_NEEDED')
})

test('a man in the middle with a certificate of his own gets between no two nodes', async () => {
  const { gateway } = started()
  await using middle = await breakTls(gateway.port)
  await using victim = await TestGateway.start({ SEEDS: `127.0.0.1:${middle.port}`, OUTBOUND_PEERS: '0' })
  await until('some tries', async () => (await metric(/^camelid_p2p_refused_total/)) >= 2)
  assert.ok(middle.passed().length > 0)
  // He can read the handshake, and sees it end there.
  const names = [gateway, victim].map(({ identity }) => bytesToHex(identity.h2))
  for (const node of [gateway, victim]) {
    const { peers } = await node.client.listPeers({})
    assert.ok(peers.every(({ h2 }) => !names.includes(bytesToHex(h2))))
  }
  assert.equal(await metric(/^camelid_p2p_messages_total\{direction="in",type="GET_PEERS"/), 0)
})

test('who names another sender, claims 8 MiB of headers or sends a wrong checksum is out, and pays', async () => {
  const { gateway } = started()
  const cases: [(bytes: Uint8Array) => void, string, boolean][] = [
    [(bytes) => bytes.set(randomBytes(20), 24), 'FORGED_SENDER', true],
    [(bytes) => new DataView(bytes.buffer).setUint32(64, 8 * 1024 * 1024, true), 'TOO_LONG', true],
    [(bytes) => bytes.set(randomBytes(4), 68), 'BAD_CHECKSUM', false],
  ]
  for (const [spoil, expected, banned] of cases) {
    const identity = identityOf(generatePrivateKey())
    const peer = await gateway.dial({ identity })
    const bytes = peer.connection.encode({ type: MessageType.HEADERS, payload: payloadOf(), receiver: NO_ADDRESS })
    spoil(bytes)
    peer.connection.sendEncoded(MessageType.HEADERS, bytes)
    assert.equal(await peer.connection.closed, 'REFUSED')
    assert.equal(peer.connection.reason?.data.code, expected)
    await until('the end of it', async () => (await gateway.client.listPeers({})).peers.length === 0)
    const { bans } = await gateway.client.listBans({})
    const isBanned = bans.some(({ who }) => who.case === 'h2' && bytesToHex(who.value) === bytesToHex(identity.h2))
    assert.equal(isBanned, banned, expected)
  }
})

test('a flood of inventory is asked about within bounds, and others are served meanwhile', async () => {
  const { gateway } = started()
  const [rascal, honest] = [await gateway.dial(), await gateway.dial()]
  const COUNT = 800
  const bansBefore = (await gateway.client.listBans({})).bans.length
  const dropped = () => metric(/^camelid_p2p_dropped_total\{type="INVENTORY",why="rate"/)
  for (let i = 0; i < COUNT; i++) {
    const txids = Array.from({ length: 500 }, () => randomBytes(32))
    const payload = toBinary(InventorySchema, create(InventorySchema, { txids }))
    while (!rascal.connection.send({ type: MessageType.INVENTORY, payload })) await rascal.connection.room()
    if (i % 300 === 0) await request(honest.connection, questions.peers, {}, { timeoutMs: 10_000 })
  }
  await until(
    'an end of it',
    async () => (await metric(/^camelid_p2p_messages_total\{direction="in",type="INVENTORY"/)) >= COUNT,
  )
  const asked = rascal
    .of(MessageType.GET_TRANSACTIONS)
    .flatMap(({ payload }) => readMessage(GetTransactionsSchema, payload).txids)
  assert.ok(asked.length > 0 && asked.length <= 3_000, `${asked.length} asked`)
  assert.ok((await dropped()) > 0)
  assert.equal(honest.connection.reason, undefined)
  assert.deepEqual((await gateway.client.listBans({})).bans.length, bansBefore)
  for (const peer of [rascal, honest]) peer.connection.close('NOT_NEEDED')
})
