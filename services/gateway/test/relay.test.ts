import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { type Acceptance, encodeAcceptance } from '@camelid/codec'
import { generatePrivateKey } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { identityOf, type KnownType, Services, submit } from '@camelid/p2p'
import { Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { AcceptanceSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { RpcError } from '@camelid/rpc'
import { sharedNats, TestGateway, type TestPeer, until } from './harness.ts'
import { StandInPool } from './stand-in-pool.ts'

let gateway: TestGateway
let pool: StandInPool
let counter = 0

before(async () => {
  pool = await new StandInPool(await freePort()).start()
  // No chain: what concerns it is tested with the real one.
  gateway = await TestGateway.start({
    JOB_POOL_URL: `127.0.0.1:${pool.port}`,
    CHAIN_URL: `127.0.0.1:${await freePort()}`,
  })
  await poolConnected()
})

after(async () => {
  await gateway[Symbol.asyncDispose]()
  await pool.stop()
  await (await sharedNats()).stop()
})

const KEEPER = { services: Services.CHAIN | Services.JOBS }
const payloadOf = (): Uint8Array => Buffer.from(`message ${++counter}`)

async function poolConnected(): Promise<void> {
  const probe = await gateway.dial()
  await until('the stream to the job-pool', async () => {
    const { code } = await submit(
      probe.connection,
      { type: MessageType.CLAIM, payload: payloadOf() },
      { timeoutMs: 5_000 },
    )
    return code !== 'UNAVAILABLE'
  })
  probe.connection.close('NOT_NEEDED')
}

const tell = (peer: TestPeer, type: KnownType, payload: Uint8Array, more: object = {}) =>
  submit(peer.connection, { type, payload, flood: true, ...more }, { timeoutMs: 5_000 })

/** Goes out to everybody after whatever was sent before, so that what has not come by then does not come. */
async function settle(...peers: TestPeer[]): Promise<void> {
  const payload = payloadOf()
  await gateway.client.broadcast({ type: MessageType.COUNTER, payload })
  for (const peer of peers)
    await until('the last broadcast', () =>
      peer.of(MessageType.COUNTER).some((frame) => Buffer.compare(frame.payload, payload) === 0),
    )
}

test('what the owner accepts goes to every other peer that wants it, once, and its maker gets the word', async () => {
  pool.answer = () => ({ outcome: Outcome.OK })
  const identity = identityOf(generatePrivateKey())
  const [maker, keeper, light] = [await gateway.dial({ identity }), await gateway.dial(KEEPER), await gateway.dial()]
  const job = payloadOf()
  const verdict = await tell(maker, MessageType.JOB, job)
  assert.equal(verdict.outcome, Outcome.OK)
  await tell(maker, MessageType.JOB, job)
  await tell(keeper, MessageType.ACCEPTANCE, payloadOf())
  await settle(maker, keeper, light)
  assert.deepEqual(
    keeper.of(MessageType.JOB).map((frame) => [Buffer.from(frame.payload).toString(), frame.ttl, frame.flood]),
    [[Buffer.from(job).toString(), 15, true]],
  )
  assert.deepEqual(Buffer.from(keeper.of(MessageType.JOB)[0]?.sender ?? []), Buffer.from(identity.h2))
  assert.equal(maker.of(MessageType.JOB).length, 0)
  assert.equal(light.of(MessageType.JOB).length, 0, 'a light client has no use for jobs of others')
  assert.equal(light.of(MessageType.ACCEPTANCE).length, 1)
  assert.equal(pool.judged.filter((request) => Buffer.compare(request.payload, job) === 0).length, 1)
  for (const peer of [maker, keeper, light]) peer.connection.close('NOT_NEEDED')
})

test('what is ignored or refused goes nowhere; a refusal without blame has its code and costs nothing', async () => {
  const [maker, keeper] = [await gateway.dial(), await gateway.dial(KEEPER)]
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'KNOWN' })
  assert.equal((await tell(maker, MessageType.JOB, payloadOf())).outcome, Outcome.IGNORE)
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'FUNDS_SPENT', detail: 'the coins are spent' })
  const refused = await tell(maker, MessageType.JOB, payloadOf())
  assert.deepEqual(
    [refused.outcome, refused.code, refused.detail],
    [Outcome.REJECT, 'FUNDS_SPENT', 'the coins are spent'],
  )
  await settle(keeper)
  assert.equal(keeper.of(MessageType.JOB).length, 0)
  const listed = (await gateway.client.listPeers({})).peers
  assert.ok(listed.every((peer) => peer.score === 0))
  for (const peer of [maker, keeper]) peer.connection.close('NOT_NEEDED')
})

test('rubbish adds up to a ban, by name, that a new connection and a restart do not lift', async () => {
  pool.answer = () => ({ outcome: Outcome.REJECT, score: 60, code: 'BAD_SIGNATURE', detail: 'not signed' })
  const identity = identityOf(generatePrivateKey())
  const rascal = await gateway.dial({ identity })
  assert.equal((await tell(rascal, MessageType.JOB, payloadOf())).code, 'BAD_SIGNATURE')
  await tell(rascal, MessageType.JOB, payloadOf()).catch(() => undefined)
  assert.equal(await rascal.connection.closed, 'REFUSED')
  assert.equal(rascal.connection.reason?.data.code, 'BANNED')
  const banned = async (): Promise<boolean> => {
    const again = await gateway.dial({ identity }).catch(() => undefined)
    await again?.connection.closed
    return again?.connection.reason?.data.code === 'BANNED'
  }
  assert.ok(await banned())
  assert.equal(await gateway.stop(), 0)
  await gateway.start()
  assert.ok(await banned())
  // Others are let in.
  const honest = await gateway.dial()
  assert.equal((await gateway.client.listPeers({})).peers.length, 1)
  honest.connection.close('NOT_NEEDED')
  await poolConnected()
})

test('while the owner is down peers are told so and nobody is charged; when it is back, it goes on', async () => {
  pool.answer = () => ({ outcome: Outcome.OK })
  const maker = await gateway.dial()
  await pool.stop()
  const payload = payloadOf()
  await until('UNAVAILABLE', async () => (await tell(maker, MessageType.JOB, payloadOf())).code === 'UNAVAILABLE')
  const verdict = await tell(maker, MessageType.JOB, payload)
  assert.equal(verdict.outcome, Outcome.REJECT)
  assert.equal(verdict.code, 'UNAVAILABLE')
  await pool.start()
  await until('the job-pool again', async () => (await tell(maker, MessageType.JOB, payload)).outcome === Outcome.OK)
  assert.equal(maker.connection.reason, undefined)
  assert.equal((await gateway.client.listPeers({})).peers[0]?.score, 0)
  maker.connection.close('NOT_NEEDED')
})

test('an addressed message goes to its receiver alone, or along the route that its signature taught, or to all', async () => {
  pool.answer = () => ({ outcome: Outcome.OK })
  const nearby = identityOf(generatePrivateKey())
  const [maker, near, other] = [
    await gateway.dial(),
    await gateway.dial({ ...KEEPER, identity: nearby }),
    await gateway.dial(KEEPER),
  ]
  const toNear = payloadOf()
  const toGateway = payloadOf()
  assert.equal(
    (await tell(maker, MessageType.PAYMENT, toNear, { flood: false, receiver: nearby.h2 })).outcome,
    Outcome.OK,
  )
  await tell(maker, MessageType.PAYMENT, toGateway, { flood: false, receiver: gateway.identity.h2 })
  assert.ok(pool.judged.some((request) => Buffer.compare(request.payload, toGateway) === 0))
  // Nobody knows the way to this one yet: everybody gets it.
  const far = identityOf(generatePrivateKey())
  await tell(maker, MessageType.PAYMENT, payloadOf(), { flood: false, receiver: far.h2 })
  await settle(near, other)
  assert.equal(other.of(MessageType.PAYMENT).length, 1)
  assert.equal(near.of(MessageType.PAYMENT).length, 2)
  assert.deepEqual(Buffer.from(near.of(MessageType.PAYMENT)[0]?.payload ?? []), Buffer.from(toNear))
  // The far node's acceptance comes through `other`: that is the way from now on.
  const acceptance: Acceptance = {
    jobId: new Uint8Array(32).fill(counter),
    nodeKey: far.publicKey,
    bondOutpoint: { txid: new Uint8Array(32).fill(1), index: 0 },
  }
  const statement = encodeAcceptance(acceptance, new Uint8Array(64))
  await tell(other, MessageType.ACCEPTANCE, toBinary(AcceptanceSchema, create(AcceptanceSchema, { statement })))
  const along = payloadOf()
  await tell(maker, MessageType.PAYMENT, along, { flood: false, receiver: far.h2 })
  assert.equal(
    (await gateway.client.send({ receiver: far.h2, type: MessageType.DELIVERY, payload: payloadOf() })).sent,
    1,
  )
  await settle(near, other)
  assert.ok(other.of(MessageType.PAYMENT).some((frame) => Buffer.compare(frame.payload, along) === 0))
  assert.ok(near.of(MessageType.PAYMENT).every((frame) => Buffer.compare(frame.payload, along) !== 0))
  assert.equal(near.of(MessageType.DELIVERY).length, 0)
  assert.equal(other.of(MessageType.DELIVERY).length, 1)
  for (const peer of [maker, near, other]) peer.connection.close('NOT_NEEDED')
})

test('what its maker floods reaches all, though it is addressed to one of them', async () => {
  pool.answer = () => ({ outcome: Outcome.OK })
  const nearby = identityOf(generatePrivateKey())
  const [maker, near, other] = [
    await gateway.dial(),
    await gateway.dial({ ...KEEPER, identity: nearby }),
    await gateway.dial(KEEPER),
  ]
  // A payment: every miner has to hear of it, not only the node that it pays.
  await tell(maker, MessageType.PAYMENT, payloadOf(), { receiver: nearby.h2 })
  await tell(maker, MessageType.PAYMENT, payloadOf(), { receiver: gateway.identity.h2 })
  await settle(near, other)
  assert.deepEqual(
    [near, other].map((peer) => peer.of(MessageType.PAYMENT).length),
    [2, 2],
  )
  for (const peer of [maker, near, other]) peer.connection.close('NOT_NEEDED')
})

test('rubbish goes nowhere, whomever it is addressed to; what is known goes to its receiver alone', async () => {
  const nearby = identityOf(generatePrivateKey())
  const [maker, near, other] = [
    await gateway.dial(),
    await gateway.dial({ ...KEEPER, identity: nearby }),
    await gateway.dial(KEEPER),
  ]
  const addressed = (receiver: Uint8Array) => tell(maker, MessageType.DELIVERY, payloadOf(), { flood: false, receiver })
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'UNKNOWN_COMMITMENT' })
  await addressed(nearby.h2)
  await addressed(identityOf(generatePrivateKey()).h2)
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'KNOWN' })
  await addressed(nearby.h2)
  await addressed(identityOf(generatePrivateKey()).h2)
  await settle(near, other)
  assert.deepEqual(
    [near, other].map((peer) => peer.of(MessageType.DELIVERY).length),
    [1, 0],
  )
  for (const peer of [maker, near, other]) peer.connection.close('NOT_NEEDED')
})

test('a broadcast of our own reaches all, and is not judged when a peer returns it', async () => {
  const [one, two] = [await gateway.dial(), await gateway.dial(KEEPER)]
  const payload = payloadOf()
  assert.equal((await gateway.client.broadcast({ type: MessageType.COMMITMENT, payload })).sent, 2)
  await until(
    'the broadcast',
    () => one.of(MessageType.COMMITMENT).length > 0 && two.of(MessageType.COMMITMENT).length > 0,
  )
  assert.deepEqual(Buffer.from(two.of(MessageType.COMMITMENT)[0]?.sender ?? []), Buffer.from(gateway.identity.h2))
  await tell(two, MessageType.COMMITMENT, payload)
  assert.ok(pool.judged.every((request) => Buffer.compare(request.payload, payload) !== 0))
  for (const peer of [one, two]) peer.connection.close('NOT_NEEDED')
})

test('our own services are told what they may not send', async () => {
  const refused = (code: string) => (error: unknown) => error instanceof RpcError && error.code === code
  const { client, identity } = gateway
  const payload = payloadOf()
  await assert.rejects(client.broadcast({ type: MessageType.HELLO, payload }), refused('BAD_TYPE'))
  await assert.rejects(client.broadcast({ type: 250, payload }), refused('BAD_TYPE'))
  await assert.rejects(
    client.broadcast({ type: MessageType.PROGRESS, payload: new Uint8Array(9_000) }),
    refused('TOO_LONG'),
  )
  await assert.rejects(
    client.send({ type: MessageType.JOB, payload, receiver: new Uint8Array(3) }),
    refused('BAD_RECEIVER'),
  )
  await assert.rejects(client.send({ type: MessageType.JOB, payload, receiver: identity.h2 }), refused('BAD_RECEIVER'))
})

test('of two connections with one key the newer stays', async () => {
  const identity = identityOf(generatePrivateKey())
  const old = await gateway.dial({ identity })
  const fresh = await gateway.dial({ identity })
  assert.equal(await old.connection.closed, 'REFUSED')
  assert.equal(fresh.connection.reason, undefined)
  await settle(fresh)
  fresh.connection.close('NOT_NEEDED')
})
