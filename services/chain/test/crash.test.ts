import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crashLoop } from './crash-loop.ts'

test('after kill -9 of the service or its database the chain is whole, and nothing was announced that is not there', async () => {
  const rounds = await crashLoop({ rounds: 6, seed: Date.now() })
  assert.deepEqual(
    rounds.filter(({ faults }) => faults.length > 0),
    [],
  )
})
