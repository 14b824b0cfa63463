import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, statementHash } from '@camelid/crypto'
import fc from 'fast-check'
import { JOB_LIMITS } from '../job/job.ts'
import { bytesOf, hash, record, u32 } from '../testing/arbitraries.ts'
import { assertOneEncoding } from '../testing/hostile.ts'
import { decodeEqualLogsEvidence, EQUAL_LOGS_EVIDENCE_BYTES, encodeEqualLogsEvidence } from './equal-logs-evidence.ts'
import { decodeOpening, encodeOpening, MAX_OPENING_BYTES, MAX_OUTPUT_TEXT_BYTES, type Opening } from './opening.ts'
import { outputHash } from './output-hash.ts'

const opening: fc.Arbitrary<Opening> = record({
  tokenIds: fc.array(u32, { maxLength: 50 }),
  text: fc.uint8Array({ maxLength: 300 }),
  salt: hash,
})

test('an opening has one encoding, and nothing else is read as one', () => {
  assertOneEncoding({ value: opening, encode: encodeOpening, decode: decodeOpening })
})

test('evidence of equal logarithms has one encoding', () => {
  const proof = record({ ephemeralKey: bytesOf(33), sharedPoint: bytesOf(33), challenge: hash, response: hash })
  assertOneEncoding({ value: proof, encode: encodeEqualLogsEvidence, decode: decodeEqualLogsEvidence })
  fc.assert(fc.property(proof, (p) => encodeEqualLogsEvidence(p).length === EQUAL_LOGS_EVIDENCE_BYTES))
})

test('the largest output fits and one token or byte more does not', () => {
  const salt = new Uint8Array(32)
  const tokenIds = Array.from({ length: JOB_LIMITS.maxTokens }, (_, i) => i)
  const text = new Uint8Array(MAX_OUTPUT_TEXT_BYTES)
  const bytes = encodeOpening({ tokenIds, text, salt })
  assert.equal(bytes.length, MAX_OPENING_BYTES)
  assert.equal(decodeOpening(bytes).tokenIds.length, JOB_LIMITS.maxTokens)
  assert.throws(() => encodeOpening({ tokenIds: [...tokenIds, 1], text, salt }), { code: 'TOO_LONG' })
  assert.throws(() => encodeOpening({ tokenIds, text: new Uint8Array(text.length + 1), salt }), { code: 'TOO_LONG' })
})

test('outputHash is the statement hash of jobId, opening and reward hash', () => {
  fc.assert(
    fc.property(opening, hash, bytesOf(20), (opened, jobId, rewardHash) => {
      const expected = statementHash('camelid/output/v1', concatBytes(jobId, encodeOpening(opened), rewardHash))
      assert.deepEqual(outputHash({ ...opened, jobId, rewardHash }), expected)
    }),
  )
})
