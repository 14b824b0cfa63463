import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { reply } from '../src/questions/reply.ts'
import { node, peerOf } from './two-parties.ts'
import { until } from './until.ts'

test('answers that wait for room side by side all arrive', async () => {
  await using hub = await node({ sendQueueBytes: 1_000_000 })
  const { far, near } = await peerOf(hub)
  const payloads = Array.from({ length: 24 }, (_, i) => new Uint8Array(400_000).fill(i))
  const sent = await Promise.all(payloads.map((payload) => reply(near, { type: MessageType.JOB, payload })))
  assert.ok(sent.every(Boolean))
  await until('all answers', () => far.of(MessageType.JOB).length === payloads.length)
  near.connection.close('NOT_NEEDED')
  assert.equal(await reply(near, { type: MessageType.JOB, payload: new Uint8Array(1) }), false)
})
