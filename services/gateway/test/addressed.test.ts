import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { type Acceptance, encodeAcceptance } from '@camelid/codec'
import { generatePrivateKey } from '@camelid/crypto'
import { identityOf } from '@camelid/p2p'
import { Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { AcceptanceSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { KEEPER, payloadOf, Relay } from './relay.ts'
import type { StandInPool } from './stand-in-pool.ts'
import type { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

let relay: Relay
let gateway: TestGateway
let pool: StandInPool

before(async () => {
  relay = await Relay.start()
  ;({ gateway, pool } = relay)
})

after(() => relay[Symbol.asyncDispose]())

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
    (await relay.tell(maker, MessageType.PAYMENT, toNear, { flood: false, receiver: nearby.h2 })).outcome,
    Outcome.OK,
  )
  await relay.tell(maker, MessageType.PAYMENT, toGateway, { flood: false, receiver: gateway.identity.h2 })
  assert.ok(pool.judged.some((request) => Buffer.compare(request.payload, toGateway) === 0))
  // Nobody knows the way to this one yet: everybody gets it.
  const far = identityOf(generatePrivateKey())
  await relay.tell(maker, MessageType.PAYMENT, payloadOf(), { flood: false, receiver: far.h2 })
  await relay.settle(near, other)
  assert.equal(other.of(MessageType.PAYMENT).length, 1)
  assert.equal(near.of(MessageType.PAYMENT).length, 2)
  assert.deepEqual(Buffer.from(near.of(MessageType.PAYMENT)[0]?.payload ?? []), Buffer.from(toNear))
  // The far node's acceptance comes through `other`: that is the way from now on.
  const acceptance: Acceptance = {
    jobId: new Uint8Array(32).fill(7),
    nodeKey: far.publicKey,
    bondOutpoint: { txid: new Uint8Array(32).fill(1), index: 0 },
  }
  const statement = encodeAcceptance(acceptance, new Uint8Array(64))
  await relay.tell(other, MessageType.ACCEPTANCE, toBinary(AcceptanceSchema, create(AcceptanceSchema, { statement })))
  const along = payloadOf()
  await relay.tell(maker, MessageType.PAYMENT, along, { flood: false, receiver: far.h2 })
  assert.equal(
    (await gateway.client.send({ receiver: far.h2, type: MessageType.DELIVERY, payload: payloadOf() })).sent,
    1,
  )
  await relay.settle(near, other)
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
  await relay.tell(maker, MessageType.PAYMENT, payloadOf(), { receiver: nearby.h2 })
  await relay.tell(maker, MessageType.PAYMENT, payloadOf(), { receiver: gateway.identity.h2 })
  await relay.settle(near, other)
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
  const addressed = (receiver: Uint8Array) =>
    relay.tell(maker, MessageType.DELIVERY, payloadOf(), { flood: false, receiver })
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'UNKNOWN_COMMITMENT' })
  await addressed(nearby.h2)
  await addressed(identityOf(generatePrivateKey()).h2)
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'KNOWN' })
  await addressed(nearby.h2)
  await addressed(identityOf(generatePrivateKey()).h2)
  await relay.settle(near, other)
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
  await relay.tell(two, MessageType.COMMITMENT, payload)
  assert.ok(pool.judged.every((request) => Buffer.compare(request.payload, payload) !== 0))
  for (const peer of [one, two]) peer.connection.close('NOT_NEEDED')
})
