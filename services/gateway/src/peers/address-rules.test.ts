import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupOf, isLoopback, isTellable, lastSeenMs } from './address-rules.ts'

test('nobody can make us knock at private addresses, names or port 0 on a public network', () => {
  for (const host of [
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.169.254',
    '::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '::10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'localhost',
    '',
  ])
    assert.equal(isTellable({ host, port: 7331 }, 'main'), false, host)
  assert.equal(isTellable({ host: '8.8.8.8', port: 7331 }, 'main'), true)
  assert.equal(isTellable({ host: '2001:4860::8888', port: 7331 }, 'main'), true)
  assert.equal(isTellable({ host: '8.8.8.8', port: 0 }, 'main'), false)
  assert.equal(isTellable({ host: '8.8.8.8', port: 70_000 }, 'main'), false)
  assert.equal(isTellable({ host: '127.0.0.1', port: 7331 }, 'local'), true)
})

test('groups and loopback see through mapped addresses', () => {
  assert.equal(groupOf('8.8.4.4'), '8.8')
  assert.equal(groupOf('::ffff:8.8.1.1'), '8.8')
  for (const spelling of ['2001:4860::8888', '2001:4860:0:0::1', '2001:4860::'])
    assert.equal(groupOf(spelling), '2001:4860')
  assert.equal(groupOf('2a00::1'), groupOf('2a00:0:1::1'))
  assert.equal(isLoopback('::ffff:127.0.0.1'), true)
  assert.equal(isLoopback('8.8.8.8'), false)
})

test('last seen is never in the future and never long ago', () => {
  const now = 1_800_000_000_000
  assert.equal(lastSeenMs(2n ** 63n, now), now)
  assert.equal(lastSeenMs(1_799_999_000n, now), 1_799_999_000_000)
  assert.equal(lastSeenMs(1n, now), undefined)
})
