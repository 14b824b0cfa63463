import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundsOf } from './bounds.ts'

test('what is young in a gateway is bounded in every testnet; heaps and connections where nodes share a machine', () => {
  assert.deepEqual(boundsOf('gateway', false), { NODE_OPTIONS: '--max-semi-space-size=16' })
  assert.deepEqual(boundsOf('gateway', true), {
    NODE_OPTIONS: '--max-semi-space-size=16 --max-old-space-size=256',
    DATABASE_CONNECTIONS: '3',
  })
  assert.deepEqual(boundsOf('miner', false), {})
  assert.deepEqual(boundsOf('miner', true), { NODE_OPTIONS: '--max-old-space-size=256' })
  assert.equal(boundsOf('chain', true).UTXO_CACHE_MB, '8')
})
