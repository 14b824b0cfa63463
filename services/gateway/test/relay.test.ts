import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { generatePrivateKey } from '@camelid/crypto'
import { identityOf, offers, P2pError, questions, request, Services } from '@camelid/p2p'
import { Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { CheckKind, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { RpcError } from '@camelid/rpc'
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

test('what the owner accepts goes to every other peer that wants it, once, and its maker gets the word', async () => {
  pool.answer = () => ({ outcome: Outcome.OK })
  const identity = identityOf(generatePrivateKey())
  const [maker, keeper, light] = [await gateway.dial({ identity }), await gateway.dial(KEEPER), await gateway.dial()]
  const job = payloadOf()
  const verdict = await relay.tell(maker, MessageType.JOB, job)
  assert.equal(verdict.outcome, Outcome.OK)
  await relay.tell(maker, MessageType.JOB, job)
  await relay.tell(keeper, MessageType.ACCEPTANCE, payloadOf())
  await relay.settle(maker, keeper, light)
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
  assert.equal((await relay.tell(maker, MessageType.JOB, payloadOf())).outcome, Outcome.IGNORE)
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'FUNDS_SPENT', detail: 'the coins are spent' })
  const refused = await relay.tell(maker, MessageType.JOB, payloadOf())
  assert.deepEqual(
    [refused.outcome, refused.code, refused.detail],
    [Outcome.REJECT, 'FUNDS_SPENT', 'the coins are spent'],
  )
  await relay.settle(keeper)
  assert.equal(keeper.of(MessageType.JOB).length, 0)
  const listed = (await gateway.client.listPeers({})).peers
  assert.ok(listed.every((peer) => peer.score === 0))
  for (const peer of [maker, keeper]) peer.connection.close('NOT_NEEDED')
})

test('rubbish adds up to a ban, by name, that a new connection and a restart do not lift', async () => {
  pool.answer = () => ({ outcome: Outcome.REJECT, score: 60, code: 'BAD_SIGNATURE', detail: 'not signed' })
  const identity = identityOf(generatePrivateKey())
  const rascal = await gateway.dial({ identity })
  assert.equal((await relay.tell(rascal, MessageType.JOB, payloadOf())).code, 'BAD_SIGNATURE')
  await relay.tell(rascal, MessageType.JOB, payloadOf()).catch(() => undefined)
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
  await relay.poolConnected()
})

test('while the owner is down peers are told so and nobody is charged; when it is back, it goes on', async () => {
  pool.answer = () => ({ outcome: Outcome.OK })
  const maker = await gateway.dial()
  await pool.stop()
  const payload = payloadOf()
  await until('UNAVAILABLE', async () => (await relay.tell(maker, MessageType.JOB, payloadOf())).code === 'UNAVAILABLE')
  const verdict = await relay.tell(maker, MessageType.JOB, payload)
  assert.equal(verdict.outcome, Outcome.REJECT)
  assert.equal(verdict.code, 'UNAVAILABLE')
  await pool.start()
  await until(
    'the job-pool again',
    async () => (await relay.tell(maker, MessageType.JOB, payload)).outcome === Outcome.OK,
  )
  assert.equal(maker.connection.reason, undefined)
  assert.equal((await gateway.client.listPeers({})).peers[0]?.score, 0)
  maker.connection.close('NOT_NEEDED')
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
  await relay.settle(fresh)
  fresh.connection.close('NOT_NEEDED')
})

test('a question about an output goes to the job-pool with who asks, and its answer or refusal comes back', async () => {
  const peer = await gateway.dial()
  assert.ok(offers(peer.connection.hello.services, Services.CHECKS))
  const asked: unknown[] = []
  const [jobId, nonce, hash, signature] = [32, 32, 32, 64].map((length, i) => new Uint8Array(length).fill(i + 1))
  assert.ok(jobId && nonce && hash && signature)
  const question = { jobId, nonce, kind: CheckKind.TOKEN, tokenIds: [5, 6] }
  const ask = () => request(peer.connection, questions.check, question, { timeoutMs: 10_000 })
  await assert.rejects(ask(), (error) => error instanceof P2pError && error.data.code === 'NO_VERIFIER')
  pool.check = async ({ tokenIds, kind }) => {
    asked.push([tokenIds, kind])
    return { hashes: [hash], engine: 'e', backend: 'b', signature }
  }
  const answer = await ask()
  assert.deepEqual(asked, [[[5, 6], CheckKind.TOKEN]])
  assert.deepEqual([answer.engine, answer.backend, answer.hashes.length], ['e', 'b', 1])
  assert.deepEqual(Uint8Array.from(answer.signature), signature)
  peer.connection.close('NOT_NEEDED')
})
