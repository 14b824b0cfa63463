import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bigIntToBytes32 } from './bytes.ts'
import { ORDER } from './curve.ts'
import { type EqualLogsProof, proveEqualLogs, verifyEqualLogs } from './equal-logs.ts'
import { publicKeyOf } from './keys.ts'

const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(bigIntToBytes32)
const few = { numRuns: 20 }

test('a proof holds for its key and for no other', () => {
  fc.assert(
    fc.property(scalar, scalar, scalar, (clientSecret, e, other) => {
      const proof = proveEqualLogs({ clientSecret, ephemeralKey: publicKeyOf(e) })
      assert.ok(verifyEqualLogs(publicKeyOf(clientSecret), proof))
      fc.pre(other.some((byte, i) => byte !== clientSecret[i]))
      assert.equal(verifyEqualLogs(publicKeyOf(other), proof), false)
    }),
    few,
  )
})

test('a client cannot disclose another point than its own', () => {
  fc.assert(
    fc.property(scalar, scalar, scalar, (clientSecret, e, wrong) => {
      const proof = proveEqualLogs({ clientSecret, ephemeralKey: publicKeyOf(e) })
      const key = publicKeyOf(clientSecret)
      assert.equal(verifyEqualLogs(key, { ...proof, sharedPoint: publicKeyOf(wrong) }), false)
      assert.equal(verifyEqualLogs(key, { ...proof, ephemeralKey: publicKeyOf(wrong) }), false)
      assert.equal(verifyEqualLogs(key, { ...proof, challenge: wrong }), false)
      assert.equal(verifyEqualLogs(key, { ...proof, response: wrong }), false)
    }),
    few,
  )
})

test('scalars of the order or above, and points that are none, prove nothing', () => {
  const clientSecret = bigIntToBytes32(3n)
  const key = publicKeyOf(clientSecret)
  const proof = proveEqualLogs({ clientSecret, ephemeralKey: publicKeyOf(bigIntToBytes32(5n)) })
  const zero = new Uint8Array(32)
  const bad: readonly EqualLogsProof[] = [
    { ...proof, challenge: bigIntToBytes32(ORDER) },
    { ...proof, response: new Uint8Array(32).fill(0xff) },
    { ...proof, challenge: zero, response: zero },
    { ...proof, ephemeralKey: new Uint8Array(33) },
    { ...proof, sharedPoint: Uint8Array.of(0) },
    { ...proof, response: proof.response.subarray(1) },
  ]
  assert.ok(verifyEqualLogs(key, proof))
  for (const attempt of bad) assert.equal(verifyEqualLogs(key, attempt), false)
  assert.equal(verifyEqualLogs(new Uint8Array(33), proof), false)
})
