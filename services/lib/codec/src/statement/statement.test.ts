import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bigIntToBytes32, publicKeyOf, sign, statementHash, verify } from '@camelid/crypto'
import fc from 'fast-check'
import { record, signature } from '../testing/arbitraries.ts'
import { assertOneEncoding } from '../testing/hostile.ts'
import { acceptance, claim, commitment, counter, delivery, progress } from '../testing/statement-arbitraries.ts'
import { decodeAcceptance, encodeAcceptance, hashAcceptance } from './acceptance.ts'
import { decodeClaim, encodeClaim, hashClaim } from './claim.ts'
import { decodeCommitment, encodeCommitment, hashCommitment, MAX_ENGINE_NAME_BYTES } from './commitment.ts'
import { decodeCounter, encodeCounter, hashCounter } from './counter.ts'
import { decodeDelivery, encodeDelivery, hashDelivery } from './delivery.ts'
import { decodeProgress, encodeProgress, hashProgress } from './progress.ts'
import type { Signed } from './statement.ts'

/** One encoding; the hash covers tag and fields and leaves the signature out. */
function assertStatement<T>(kind: {
  tag: string
  value: fc.Arbitrary<T>
  encode: (statement: T, signature?: Uint8Array) => Uint8Array
  decode: (bytes: Uint8Array) => Signed<T>
  hash: (statement: T) => Uint8Array
}): void {
  assertOneEncoding({
    value: record({ statement: kind.value, signature }),
    encode: (signed) => kind.encode(signed.statement, signed.signature),
    decode: (bytes) => {
      const decoded = kind.decode(bytes)
      assert.deepEqual(decoded.hash, kind.hash(decoded.statement))
      return { statement: decoded.statement, signature: decoded.signature }
    },
  })
  fc.assert(
    fc.property(kind.value, (statement) => {
      assert.deepEqual(kind.hash(statement), statementHash(kind.tag, kind.encode(statement)))
    }),
  )
}

test('each statement has one encoding, and the hash that is signed', () => {
  assertStatement({
    tag: 'camelid/accept/v1',
    value: acceptance,
    encode: encodeAcceptance,
    decode: decodeAcceptance,
    hash: hashAcceptance,
  })
  assertStatement({
    tag: 'camelid/progress/v1',
    value: progress,
    encode: encodeProgress,
    decode: decodeProgress,
    hash: hashProgress,
  })
  assertStatement({
    tag: 'camelid/commit/v1',
    value: commitment,
    encode: encodeCommitment,
    decode: decodeCommitment,
    hash: hashCommitment,
  })
  assertStatement({
    tag: 'camelid/deliver/v1',
    value: delivery,
    encode: encodeDelivery,
    decode: decodeDelivery,
    hash: hashDelivery,
  })
  assertStatement({ tag: 'camelid/claim/v1', value: claim, encode: encodeClaim, decode: decodeClaim, hash: hashClaim })
  assertStatement({
    tag: 'camelid/counter/v1',
    value: counter,
    encode: encodeCounter,
    decode: decodeCounter,
    hash: hashCounter,
  })
})

test('a statement is signed over its hash and verified from its bytes', () => {
  const secret = bigIntToBytes32(9n)
  const nodeKey = publicKeyOf(secret)
  const statement = { jobId: new Uint8Array(32), nodeKey, tokenCount: 5 }
  const { signature: read, hash: digest } = decodeProgress(
    encodeProgress(statement, sign(hashProgress(statement), secret)),
  )
  assert.ok(verify(read, digest, nodeKey))
})

test('limits of statements are named errors', () => {
  const nodeKey = publicKeyOf(bigIntToBytes32(1n))
  const sig = new Uint8Array(64)
  const jobId = new Uint8Array(32)
  const long = 'x'.repeat(MAX_ENGINE_NAME_BYTES + 1)
  const commit = {
    jobId,
    nodeKey,
    outputHash: jobId,
    rewardHash: new Uint8Array(20),
    tokenCount: 1,
    engine: 'e',
    backend: 'b',
    height: 1,
    bondOutpoint: { txid: jobId, index: 0 },
    testament: new Uint8Array(10),
  }
  const reread = (change: object) => decodeCommitment(encodeCommitment({ ...commit, ...change }, sig))
  assert.ok(reread({}))
  assert.throws(() => reread({ engine: long }), { code: 'TOO_LONG' })
  assert.throws(() => reread({ backend: long }), { code: 'TOO_LONG' })
  assert.throws(() => reread({ testament: new Uint8Array(100_001) }), { code: 'TOO_LONG' })
  assert.throws(() => reread({ testament: new Uint8Array(102_000) }), { code: 'TOO_LONG' })
  assert.throws(() => reread({ tokenCount: 65_537 }), { code: 'OUT_OF_RANGE' })
  assert.throws(() => reread({ nodeKey: new Uint8Array(33) }), { code: 'BAD_KEY' })
  assert.throws(() => decodeCommitment(encodeCommitment(commit)), { code: 'TRUNCATED' })
  assert.throws(() => encodeCommitment(commit, new Uint8Array(63)), { code: 'BAD_LENGTH' })

  const claimOf = (kind: number, evidence: number) =>
    new Uint8Array([...new Uint8Array(32), kind, evidence, ...new Uint8Array(evidence), 0, ...sig])
  assert.ok(decodeClaim(claimOf(2, 0)))
  assert.throws(() => decodeClaim(claimOf(3, 0)), { code: 'BAD_KIND' })
  assert.throws(() => decodeClaim(claimOf(0, 0)), { code: 'BAD_KIND' })
  assert.throws(() => decodeClaim(claimOf(2, 129)), { code: 'BAD_LENGTH' })
  assert.throws(() => decodeClaim(claimOf(2, 131)), { code: 'TOO_LONG' })
})
