import assert from 'node:assert/strict'
import { test } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { HeartbeatSchema, Role } from '@camelid/proto/work/v1/work_pb'
import { STALE_MS, WorkerTable } from './worker-table.ts'

const beat = (id: string, role: Role) =>
  toBinary(
    HeartbeatSchema,
    create(HeartbeatSchema, {
      id,
      role,
      models: [{ sha256: new Uint8Array(32).fill(1), name: 'm', engine: 'e', backend: 'cpu', contextSize: 512 }],
    }),
  )

test('who has not beaten for five seconds is gone; the other role is not counted', () => {
  let now = 0
  const table = new WorkerTable(() => now)
  table.note(beat('w1', Role.WORKER))
  table.note(beat('v1', Role.VERIFIER))
  now = 1_000
  table.note(beat('w2', Role.WORKER))
  assert.equal(table.alive(Role.WORKER).length, 2)
  now = STALE_MS + 1
  assert.deepEqual(table.alive(Role.WORKER), [
    { sha256: '01'.repeat(32), engine: 'e', backend: 'cpu', contextSize: 512 },
  ])
  assert.equal(table.alive(Role.VERIFIER).length, 0)
})

test('a beat again is the same worker; rubbish and nameless beats are dropped', () => {
  const table = new WorkerTable(() => 0)
  table.note(beat('w1', Role.WORKER))
  table.note(beat('w1', Role.WORKER))
  table.note(beat('', Role.WORKER))
  table.note(Uint8Array.of(255, 1, 2))
  assert.equal(table.alive(Role.WORKER).length, 1)
})
