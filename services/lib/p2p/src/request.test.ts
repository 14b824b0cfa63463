import assert from 'node:assert/strict'
import { test } from 'node:test'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  GetHeadersSchema,
  GetUtxosSchema,
  HeadersSchema,
  MessageType,
  Outcome,
  UtxosSchema,
  VerdictSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import type { PeerConnection } from './connection.ts'
import { P2pError } from './errors.ts'
import type { Frame } from './frame.ts'
import { questions } from './questions.ts'
import { request, submit } from './request.ts'
import { code, connected } from './testing.ts'

async function firstFrame(connection: PeerConnection): Promise<Frame> {
  for await (const frame of connection.frames) return frame
  throw connection.reason ?? new Error('ended')
}

/** Answers every frame by `answer`, until the connection ends. */

async function serve(connection: PeerConnection, answer: (frame: Frame) => void): Promise<void> {
  for await (const frame of connection.frames) answer(frame)
}

test('answers find their questions, whatever their order', async () => {
  await using pair = await connected()
  const asked: Frame[] = []
  void serve(pair.far, (frame) => {
    asked.push(frame)
    if (asked.length < 3) return
    for (const each of asked.reverse()) {
      const { requestId, h2 } = fromBinary(GetUtxosSchema, each.payload)
      const answer = create(UtxosSchema, { requestId, tipHeight: h2[0] ?? 0 })
      pair.far.send({ type: MessageType.UTXOS, payload: toBinary(UtxosSchema, answer) })
    }
  })
  const answers = await Promise.all(
    [1, 2, 3].map((n) => request(pair.near, questions.utxos, { h2: Uint8Array.of(n) }, { timeoutMs: 5_000 })),
  )
  assert.deepEqual(
    answers.map((answer) => answer.tipHeight),
    [1, 2, 3],
  )
})

test('an announcement is no answer', async () => {
  await using pair = await connected()
  void serve(pair.far, (frame) => {
    const { requestId } = fromBinary(GetHeadersSchema, frame.payload)
    for (const id of [new Uint8Array(0), requestId]) {
      const answer = create(HeadersSchema, { requestId: id, firstHeight: id.length })
      pair.far.send({ type: MessageType.HEADERS, payload: toBinary(HeadersSchema, answer) })
    }
  })
  const answer = await request(pair.near, questions.headers, {}, { timeoutMs: 5_000 })
  assert.equal(answer.firstHeight, 8)
  assert.equal((await firstFrame(pair.near)).type, MessageType.HEADERS)
})

test('a question the peer cannot answer, or does not, fails by name', async () => {
  await using pair = await connected()
  void serve(pair.far, (frame) => {
    if (frame.type !== MessageType.GET_JOB) return
    const verdict = create(VerdictSchema, {
      messageId: frame.messageId,
      outcome: Outcome.REJECT,
      code: 'UNAVAILABLE',
      detail: 'the job-pool is down',
    })
    pair.far.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
  })
  await assert.rejects(request(pair.near, questions.job, {}, { timeoutMs: 5_000 }), (error) => {
    assert.ok(error instanceof P2pError)
    return error.code === 'REFUSED' && error.data.code === 'UNAVAILABLE'
  })
  await assert.rejects(request(pair.near, questions.proof, {}, { timeoutMs: 50 }), code('REQUEST_TIMEOUT'))
  const signal = AbortSignal.abort()
  await assert.rejects(request(pair.near, questions.proof, {}, { timeoutMs: 5_000, signal }), code('ABORTED'))
  const waiting = assert.rejects(request(pair.near, questions.proof, {}, { timeoutMs: 5_000 }), code('REFUSED'))
  pair.far.close('SHUTTING_DOWN')
  await waiting
  await assert.rejects(request(pair.near, questions.proof, {}, { timeoutMs: 5_000 }), code('REFUSED'))
})

test('questions in flight are bounded', async () => {
  await using pair = await connected({ near: { limits: { requests: 2 } } })
  const ask = () => request(pair.near, questions.proof, {}, { timeoutMs: 200 })
  const first = [assert.rejects(ask(), code('REQUEST_TIMEOUT')), assert.rejects(ask(), code('REQUEST_TIMEOUT'))]
  await assert.rejects(ask(), code('TOO_MANY_REQUESTS'))
  await Promise.all(first)
})

test('an answer that comes too late harms nobody', async () => {
  await using pair = await connected()
  const late = Promise.withResolvers<Frame>()
  void serve(pair.far, late.resolve)
  await assert.rejects(request(pair.near, questions.utxos, {}, { timeoutMs: 30 }), code('REQUEST_TIMEOUT'))
  const { requestId } = fromBinary(GetUtxosSchema, (await late.promise).payload)
  pair.far.send({ type: MessageType.UTXOS, payload: toBinary(UtxosSchema, create(UtxosSchema, { requestId })) })
  assert.equal((await firstFrame(pair.near)).type, MessageType.UTXOS)
  assert.equal(pair.near.reason, undefined)
})

test('a submitted message brings its verdict, by its flood id', async () => {
  await using pair = await connected()
  const codes = ['', 'INSUFFICIENT_FUNDS']
  void serve(pair.far, (frame) => {
    const text = codes.shift() ?? ''
    const verdict = create(VerdictSchema, {
      messageId: frame.messageId,
      outcome: text === '' ? Outcome.OK : Outcome.REJECT,
      code: text,
    })
    pair.far.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
  })
  const message = { type: MessageType.JOB, payload: Uint8Array.of(1, 2), flood: true }
  assert.equal((await submit(pair.near, message, { timeoutMs: 5_000 })).outcome, Outcome.OK)
  const refused = await submit(pair.near, message, { timeoutMs: 5_000 })
  assert.equal(refused.outcome, Outcome.REJECT)
  assert.equal(refused.code, 'INSUFFICIENT_FUNDS')
})

test('rubbish in place of an answer ends the connection, not the program', async () => {
  await using pair = await connected()
  void serve(pair.far, () => pair.far.send({ type: MessageType.UTXOS, payload: Uint8Array.of(0xff, 0xff) }))
  await assert.rejects(request(pair.near, questions.utxos, {}, { timeoutMs: 5_000 }), code('BAD_PAYLOAD'))
  assert.equal(await pair.near.closed, 'BAD_PAYLOAD')
})
