import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { concatBytes, utf8 } from './bytes.ts'
import { deliveryEphemeral, deliverySalt, deriveScalar } from './derive-secret.ts'
import { hmacSha256 } from './hash.ts'
import { isPrivateKey } from './keys.ts'

test('derived scalars are valid private keys', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (secret, part) => isPrivateKey(deriveScalar(secret, 'x', part))),
  )
})

test('a job has one salt and one ephemeral secret of each node', () => {
  const [node, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const job = new Uint8Array(32).fill(3)
  assert.deepEqual(deliverySalt(node, job), hmacSha256(node, concatBytes(utf8('camelid/salt/v1'), job)))
  assert.deepEqual(deliveryEphemeral(node, job), deliveryEphemeral(node, job))
  assert.notDeepEqual(deliveryEphemeral(node, job), deliveryEphemeral(other, job))
  assert.notDeepEqual(deliveryEphemeral(node, job), deliverySalt(node, job))
})
