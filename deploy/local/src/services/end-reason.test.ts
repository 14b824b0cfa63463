import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endReason } from './end-reason.ts'

test('the failure that a service logged last is its reason, without time, stack and what came after', () => {
  const lines = [
    '[19:07:00.041] ERROR: an earlier one',
    '[19:07:04.762] FATAL: cannot start: the file is damaged: fetch it again',
    '    err: {',
    '      "stack": "…"',
    '    }',
    '[19:07:04.763] INFO: stopped',
  ]
  assert.equal(endReason(lines), 'the file is damaged: fetch it again')
})

test('mistakes in the configuration are all told', () => {
  const lines = ['chain: the configuration is wrong:', '  NATS_URL: is missing', '  GRPC_PORT: is no port']
  assert.equal(endReason(lines), 'NATS_URL: is missing; GRPC_PORT: is no port')
})

test('otherwise it is what was written last, if anything was', () => {
  assert.equal(endReason(['a', 'b', 'c', 'd']), 'b; c; d')
  assert.equal(endReason([]), 'it wrote nothing')
})
