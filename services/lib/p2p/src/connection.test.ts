import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { PeerConnection } from './connection.ts'
import type { Frame } from './frame.ts'
import { questions } from './questions.ts'
import { request } from './request.ts'
import { connected } from './testing.ts'

/** Answers every frame by `answer`, until the connection ends. */

async function serve(connection: PeerConnection, answer: (frame: Frame) => void): Promise<void> {
  for await (const frame of connection.frames) answer(frame)
}

test('frames arrive whole and in order, the largest too', async () => {
  await using pair = await connected()
  const block = new Uint8Array(4_000_000).fill(5)
  pair.far.allowAnswers(MessageType.BLOCK, 1)
  assert.ok(pair.near.send({ type: MessageType.INVENTORY, payload: Uint8Array.of(1) }))
  assert.ok(pair.near.send({ type: MessageType.BLOCK, payload: block }))
  assert.ok(
    pair.near.send({ type: MessageType.JOB, payload: Uint8Array.of(2), flood: true, receiver: pair.far.peerH2 }),
  )
  const read: Frame[] = []
  for await (const frame of pair.far.frames) if (read.push(frame) === 3) break
  assert.deepEqual(
    read.map((frame) => frame.type),
    [MessageType.INVENTORY, MessageType.BLOCK, MessageType.JOB],
  )
  assert.equal(Buffer.compare(read[1]?.payload ?? new Uint8Array(0), block), 0)
  assert.equal(read[2]?.flood, true)
})

test('a direct message in the name of somebody else ends the connection', async () => {
  await using pair = await connected()
  pair.near.send({ type: MessageType.JOB, payload: Uint8Array.of(1), sender: new Uint8Array(20).fill(9) })
  assert.equal(await pair.far.closed, 'FORGED_SENDER')
  assert.equal(pair.far.reason?.score, 100)
  assert.equal(await pair.near.closed, 'REFUSED')
  assert.equal(pair.near.reason?.data.code, 'FORGED_SENDER')
})

test('an answer nobody asked for ends the connection before its payload is read', async () => {
  await using pair = await connected()
  pair.near.send({ type: MessageType.JOB_STATEMENTS, payload: new Uint8Array(1_000) })
  assert.equal(await pair.far.closed, 'UNEXPECTED_MESSAGE')
})

test('a second Hello ends the connection', async () => {
  await using pair = await connected()
  pair.near.send({ type: MessageType.HELLO, payload: new Uint8Array(3) })
  assert.equal(await pair.far.closed, 'UNEXPECTED_MESSAGE')
})

test('pings keep a quiet connection, and a peer that answers none loses it', async () => {
  const limits = { pingMs: 50, pongMs: 1_500 }
  await using quiet = await connected({ near: { limits }, far: { limits } })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  assert.equal(quiet.near.reason, undefined)
  assert.ok(quiet.near.stats.bytesReceived > 1_000)
  // A peer whose owner takes nothing out stops reading, so that it hears no ping.
  await using deaf = await connected({ near: { limits }, far: { limits: { inboxFrames: 1 } } })
  deaf.near.send({ type: MessageType.INVENTORY, payload: new Uint8Array(0) })
  assert.equal(await deaf.near.closed, 'PING_TIMEOUT')
})

test('half a frame held open ends the connection', async () => {
  await using pair = await connected({ far: { limits: { frameMs: 80 } } })
  pair.near.sendEncoded(MessageType.PING, Uint8Array.of(0xc4, 0x3e, 0x1d, 0x03, 1, 3))
  assert.equal(await pair.far.closed, 'STALLED_FRAME')
})

test('a frame that comes byte by byte, never complete, ends the connection as well', async () => {
  await using pair = await connected({ far: { limits: { frameMs: 300 } } })
  const bytes = pair.near.encode({ type: MessageType.JOB, payload: new Uint8Array(500_000) })
  for (let at = 0; pair.far.reason === undefined; at++) {
    pair.near.sendEncoded(MessageType.JOB, bytes.subarray(at, at + 1))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.equal(await pair.far.closed, 'STALLED_FRAME')
  assert.equal(pair.far.reason?.score, 10)
})

test('a wrong checksum and a length over its limit end the connection, and the peer hears why', async () => {
  const checksum = (bytes: Uint8Array): void => {
    bytes[68] = (bytes[68] ?? 0) ^ 1
  }
  const length = (bytes: Uint8Array): void =>
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(64, 8 * 1024 * 1024, true)
  for (const [spoil, expected] of [
    [checksum, 'BAD_CHECKSUM'],
    [length, 'TOO_LONG'],
  ] as const) {
    await using pair = await connected()
    const bytes = pair.near.encode({ type: MessageType.HEADERS, payload: new Uint8Array(80) })
    spoil(bytes)
    pair.near.sendEncoded(MessageType.HEADERS, bytes)
    assert.equal(await pair.far.closed, expected)
    assert.equal(await pair.near.closed, 'REFUSED')
    assert.equal(pair.near.reason?.data.code, expected)
  }
})

test('a peer that takes nothing meets a full queue, then the end, by name', async () => {
  const limits = { sendQueueBytes: 2_000_000, stallMs: 200 }
  await using pair = await connected({ near: { limits }, far: { limits: { inboxFrames: 1 } } })
  const payload = new Uint8Array(500_000)
  let taken = 0
  let refused = 0
  // The operating system takes some megabytes before anything is stuck.
  while (pair.near.reason === undefined) {
    if (pair.near.send({ type: MessageType.JOB, payload })) taken++
    else {
      refused++
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  assert.ok(refused > 0 && taken < 400, 'the queue is bounded')
  assert.equal(await pair.near.closed, 'SLOW_PEER')
  assert.equal(pair.near.send({ type: MessageType.JOB, payload }), false)
})

test('room comes back as the peer takes what waits', async () => {
  await using pair = await connected({ near: { limits: { sendQueueBytes: 1_000_000 } } })
  let read = 0
  const reading = serve(pair.far, () => read++)
  let sent = 0
  while (sent < 40) {
    if (pair.near.send({ type: MessageType.JOB, payload: new Uint8Array(300_000) })) sent++
    else await pair.near.room()
  }
  await request(pair.near, questions.headers, {}, { timeoutMs: 300 }).catch(() => undefined)
  assert.equal(read, 41)
  pair.near.close('NOT_NEEDED')
  await reading
})

test('frames that may be gathered come in order, and those that may not take them along', async () => {
  await using pair = await connected()
  const say = (number: number, gather: boolean): boolean => {
    const bytes = pair.near.encode({ type: MessageType.JOB, payload: Uint8Array.of(number) })
    return pair.near.sendEncoded(MessageType.JOB, bytes, gather)
  }
  for (let i = 0; i < 20; i++) assert.ok(say(i, i % 7 !== 0))
  const first: number[] = []
  for await (const { payload } of pair.far.frames) if (first.push(payload[0] ?? -1) === 20) break
  assert.deepEqual(
    first,
    Array.from({ length: 20 }, (_, i) => i),
  )
  // What waits when the connection ends in order is not lost.
  for (let i = 0; i < 5; i++) say(i, true)
  pair.near.close('NOT_NEEDED')
  let last = 0
  for await (const _ of pair.far.frames) last++
  assert.equal(last, 5)
})

test('a rate above the limit is slowed, not lost', async () => {
  await using pair = await connected({ far: { limits: { framesPerSecond: 100 } } })
  const started = performance.now()
  for (let i = 0; i < 230; i++) pair.near.send({ type: MessageType.INVENTORY, payload: new Uint8Array(0) })
  let read = 0
  for await (const _ of pair.far.frames) if (++read === 230) break
  assert.ok(performance.now() - started >= 200, 'thirty frames over the burst take their time')
})
