import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { generatePrivateKey } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { identityOf, type KnownType } from '@camelid/p2p'
import { Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { KEEPER, payloadOf, Relay } from './relay.ts'
import { acceptanceMessage, jobMessage, judgeSignatures } from './signed-messages.ts'
import type { TestPeer } from './test-peer.ts'
import { until } from './until.ts'

/** Three nodes in a line: a – b – c. */
let [a, b, c]: Relay[] = []
let httpPort: number

before(async () => {
  httpPort = await freePort()
  a = await Relay.start({ OUTBOUND_PEERS: '0', HTTP_PORT: String(httpPort) })
  b = await Relay.start({ OUTBOUND_PEERS: '0', SEEDS: `127.0.0.1:${a.gateway.port}` })
  c = await Relay.start({ OUTBOUND_PEERS: '0', SEEDS: `127.0.0.1:${b.gateway.port}` })
  for (const { pool } of [a, b, c]) pool.answer = judgeSignatures()
  const { client } = b.gateway
  await until('a line', async () => (await client.listPeers({})).peers.length === 2)
})

after(async () => {
  for (const relay of [c, b, a]) await relay?.[Symbol.asyncDispose]()
})

/** The nodes, once they are there. */
function line(): { a: Relay; b: Relay; c: Relay } {
  assert.ok(a !== undefined && b !== undefined && c !== undefined)
  return { a, b, c }
}

const holds = (peer: TestPeer, type: KnownType, payload: Uint8Array): boolean =>
  peer.of(type).some((frame) => Buffer.compare(frame.payload, payload) === 0)

async function metric(name: RegExp): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  const lines = text.split('\n').filter((each) => name.test(each))
  return lines.reduce((sum, each) => sum + Number(each.split(' ').at(-1)), 0)
}

const addressed = (receiver: Uint8Array) => ({ flood: false, receiver })

/** A client at one end of the line and a node that computes at the other, which know of each other by job and acceptance. */
async function startParties() {
  const nodes = line()
  const [client, worker] = [identityOf(generatePrivateKey()), identityOf(generatePrivateKey())]
  const near = await nodes.a.gateway.dial({ identity: client })
  const far = await nodes.c.gateway.dial({ ...KEEPER, identity: worker })
  const bystanders = await Promise.all([nodes.a, nodes.b, nodes.c].map(({ gateway }) => gateway.dial(KEEPER)))
  const job = jobMessage(client)
  assert.equal((await nodes.a.tell(near, MessageType.JOB, job)).outcome, Outcome.OK)
  await until('the job', () => holds(far, MessageType.JOB, job))
  const acceptance = acceptanceMessage(worker)
  await nodes.c.tell(far, MessageType.ACCEPTANCE, acceptance)
  await until('the acceptance', () => holds(near, MessageType.ACCEPTANCE, acceptance))
  const close = () => {
    for (const peer of [near, far, ...bystanders]) peer.connection.close('NOT_NEEDED')
  }
  return { client, worker, near, far, bystanders, acceptance, close }
}

test('a client reaches a node three hops away and gets its delivery back, by nodes on the way alone', async () => {
  const nodes = line()
  const { client, worker, near, far, bystanders, close } = await startParties()
  const payment = payloadOf()
  await nodes.a.tell(near, MessageType.PAYMENT, payment, addressed(worker.h2))
  await until('the payment', () => holds(far, MessageType.PAYMENT, payment))
  assert.deepEqual(
    far.of(MessageType.PAYMENT).map(({ ttl, flood }) => [ttl, flood]),
    [[14, false]],
  )
  const delivery = payloadOf()
  await nodes.c.tell(far, MessageType.DELIVERY, delivery, addressed(client.h2))
  await until('the delivery', () => holds(near, MessageType.DELIVERY, delivery))
  assert.deepEqual(Buffer.from(near.of(MessageType.DELIVERY)[0]?.sender ?? []), Buffer.from(worker.h2))
  for (const [i, relay] of [nodes.a, nodes.b, nodes.c].entries())
    await relay.settle(bystanders.slice(i, i + 1)[0] ?? near)
  for (const peer of bystanders)
    assert.deepEqual([peer.of(MessageType.PAYMENT), peer.of(MessageType.DELIVERY)], [[], []])
  assert.ok((await metric(/^camelid_p2p_forwarded_total\{type="(PAYMENT|DELIVERY)"/)) >= 2)
  // At the end of its way it goes no further, and who has seen it does not pass it on again.
  const tired = payloadOf()
  const passing = { flood: false, receiver: worker.h2, sender: client.h2, ttl: 1 }
  const [carrier] = bystanders
  assert.ok(carrier !== undefined)
  carrier.connection.send({ type: MessageType.PAYMENT, payload: tired, ...passing })
  carrier.connection.send({ type: MessageType.PAYMENT, payload: payment, ...passing, ttl: 9 })
  await nodes.a.tell(near, MessageType.PAYMENT, payloadOf(), addressed(worker.h2))
  await until('the next payment', () => far.of(MessageType.PAYMENT).length > 1)
  assert.equal(far.of(MessageType.PAYMENT).length, 2)
  close()
})

test('no forger draws the way of others to himself', async () => {
  const nodes = line()
  const { client, worker, near, far, acceptance, close } = await startParties()
  const rascal = identityOf(generatePrivateKey())
  const forger = await nodes.b.gateway.dial({ ...KEEPER, identity: rascal })
  // Signed by himself; word for word, to all and to an address of his; and a job in the client's name, paid by himself.
  const forged = await nodes.b.tell(forger, MessageType.ACCEPTANCE, acceptanceMessage(worker, rascal))
  assert.equal(forged.code, 'BAD_SIGNATURE')
  await nodes.b.tell(forger, MessageType.ACCEPTANCE, acceptance)
  await nodes.b.tell(forger, MessageType.ACCEPTANCE, acceptance, { receiver: rascal.h2 })
  assert.equal((await nodes.b.tell(forger, MessageType.JOB, jobMessage(client, rascal))).outcome, Outcome.OK)
  await nodes.b.settle(forger)
  const [payment, delivery] = [payloadOf(), payloadOf()]
  await nodes.a.tell(near, MessageType.PAYMENT, payment, addressed(worker.h2))
  await nodes.c.tell(far, MessageType.DELIVERY, delivery, addressed(client.h2))
  await until('the payment', () => holds(far, MessageType.PAYMENT, payment))
  await until('the delivery', () => holds(near, MessageType.DELIVERY, delivery))
  await nodes.b.settle(forger)
  assert.deepEqual([forger.of(MessageType.PAYMENT), forger.of(MessageType.DELIVERY)], [[], []])
  forger.connection.close('NOT_NEEDED')
  close()
})

test('nobody is an amplifier: what is passed on for one peer has its bounds, and what is over them is dropped and counted', async () => {
  const nodes = line()
  const { worker, near, far, close } = await startParties()
  const COUNT = 800
  const dropped = /^camelid_p2p_dropped_total\{type="PAYMENT",why="quota"/
  const receiver = identityOf(generatePrivateKey())
  const [greedy, target] = [await nodes.a.gateway.dial(), await nodes.a.gateway.dial({ identity: receiver })]
  const message = () => ({ type: MessageType.PAYMENT, payload: payloadOf(), receiver: receiver.h2 })
  for (let i = 0; i < COUNT; i++) assert.ok(greedy.connection.send(message()))
  await until(
    'all of them',
    async () => (await metric(dropped)) + target.of(MessageType.PAYMENT).length === COUNT,
    30_000,
  )
  assert.ok((await metric(dropped)) > 0 && target.of(MessageType.PAYMENT).length >= 500)
  // Others are not held up by it, and it is not charged for it.
  const payment = payloadOf()
  await nodes.a.tell(near, MessageType.PAYMENT, payment, addressed(worker.h2))
  await until('the payment of another', () => holds(far, MessageType.PAYMENT, payment))
  assert.equal(greedy.connection.reason, undefined)
  for (const peer of [greedy, target]) peer.connection.close('NOT_NEEDED')
  close()
})
