import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node } from './two-parties.ts'
import { until } from './until.ts'

test('two who dial each other at once end with one connection, the same one', async () => {
  for (let round = 0; round < 4; round++) {
    await using one = await node()
    await using two = await node()
    await Promise.all([one.dial(two.listener.port), two.dial(one.listener.port)])
    await until('one connection on both sides', () => {
      const [a, b] = [one.table.list(), two.table.list()]
      const settled = [...a, ...b].every((peer) => peer.connection.reason === undefined)
      return settled && a.length === 1 && b.length === 1 && a[0]?.connection.inbound !== b[0]?.connection.inbound
    })
    const smallerDialled = Buffer.compare(one.identity.publicKey, two.identity.publicKey) < 0 ? one : two
    assert.equal(smallerDialled.table.list()[0]?.connection.inbound, false)
  }
})
