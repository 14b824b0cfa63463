import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bigIntToBytes32, publicKeyOf, statementHash } from '@camelid/crypto'
import fc from 'fast-check'
import type { CodecErrorCode } from '../codec-error.ts'
import { job } from '../testing/arbitraries.ts'
import { assertOneEncoding } from '../testing/hostile.ts'
import { MAX_MONEY } from '../transaction/transaction.ts'
import { decodeJob } from './decode-job.ts'
import { encodeJob } from './encode-job.ts'
import { JOB_LIMITS, type Job, MAX_JOB_BYTES } from './job.ts'
import { jobId } from './job-id.ts'

const PLAIN: Job = {
  version: 1,
  magic: Uint8Array.of(0xc4, 0x3e, 0x1d, 3),
  modelSha256: new Uint8Array(32).fill(1),
  modelName: 'camelid-tiny-F16',
  profileSha256: new Uint8Array(32).fill(2),
  input: [{ kind: 0, text: 'Once upon a time' }],
  prefix: [],
  preferredNode: new Uint8Array(33),
  seed: 7n,
  maxTokens: 64,
  temperatureMilli: 800,
  topK: 0,
  topPMicro: 1_000_000,
  timestampMs: 1_700_000_000_000n,
  timelock: 1_700_000_100,
  reward: 100_000n,
  fee: 500n,
  fundingOutpoint: { txid: new Uint8Array(32).fill(3), index: 1 },
  clientKey: publicKeyOf(bigIntToBytes32(1n)),
  clientHost: '127.0.0.1',
  clientPort: 7331,
}

test('a job has one encoding, and nothing else is read as one', () => {
  assertOneEncoding({ value: job, encode: encodeJob, decode: decodeJob })
})

test('jobId is the statement hash of the job bytes, and every field changes it', () => {
  assert.deepEqual(jobId(PLAIN), statementHash('camelid/job/v1', encodeJob(PLAIN)))
  assert.deepEqual(jobId(encodeJob(PLAIN)), jobId(PLAIN))
  fc.assert(
    fc.property(job, job, (a, b) => {
      fc.pre(!Buffer.from(encodeJob(a)).equals(encodeJob(b)))
      assert.notDeepEqual(jobId(a), jobId(b))
    }),
  )
})

test('the layout is the one that the protocol gives', () => {
  const bytes = Buffer.from(encodeJob(PLAIN))
  assert.equal(bytes.subarray(0, 6).toString('hex'), '0100c43e1d03')
  assert.equal(bytes.subarray(38, 55).toString('latin1'), '\x10camelid-tiny-F16')
  // Past the profile: one segment of kind 0 with 16 bytes, no prefix, no preferred node, then the seed.
  assert.equal(bytes.subarray(87, 90).toString('hex'), '010010')
  assert.equal(
    bytes.subarray(106, 143).every((byte) => byte === 0),
    true,
  )
  assert.equal(bytes.readBigUInt64LE(143), 7n)
  assert.equal(bytes.readUInt16LE(bytes.length - 2), 7331)
})

/** The bytes of a job whose fixed-width field at `offset` from the seed is overwritten, as a hostile client would. */
function forge(offset: number, value: number): Uint8Array {
  const bytes = Buffer.from(encodeJob(PLAIN))
  bytes.writeUInt32LE(value, 143 + offset)
  return new Uint8Array(bytes)
}

test('values above the limits are refused by the reader as by the writer', () => {
  const cases: readonly [number, Partial<Job>, number][] = [
    [8, { maxTokens: JOB_LIMITS.maxTokens + 1 }, JOB_LIMITS.maxTokens + 1],
    [12, { temperatureMilli: 5_001 }, 5_001],
    [20, { topPMicro: 1_000_001 }, 1_000_001],
  ]
  for (const [offset, change, value] of cases) {
    assert.throws(() => encodeJob({ ...PLAIN, ...change }), { code: 'OUT_OF_RANGE' })
    assert.throws(() => decodeJob(forge(offset, value)), { code: 'OUT_OF_RANGE' })
    assert.ok(decodeJob(forge(offset, value - 1)))
  }
})

test('each fault of a job has its name', () => {
  const many = (count: number) => Array.from({ length: count }, () => 1)
  const faults: readonly [Partial<Job>, CodecErrorCode][] = [
    [{ version: 2 }, 'BAD_VERSION'],
    [{ modelName: 'é'.repeat(33) }, 'TOO_LONG'],
    [{ clientHost: 'h'.repeat(256) }, 'TOO_LONG'],
    [{ reward: MAX_MONEY, fee: 1n }, 'VALUE_OVERFLOW'],
    [{ clientKey: new Uint8Array(33) }, 'BAD_KEY'],
    [{ clientKey: new Uint8Array(33).fill(0xff).fill(2, 0, 1) }, 'BAD_KEY'],
    [{ preferredNode: new Uint8Array(33).fill(1) }, 'BAD_KEY'],
    [{ input: [{ kind: 0, text: 'x'.repeat(JOB_LIMITS.inputBytes) }] }, 'TOO_LONG'],
    [{ prefix: many(JOB_LIMITS.inputBytes / 4) }, 'TOO_LONG'],
    [{ magic: new Uint8Array(5) }, 'BAD_LENGTH'],
    [{ input: [{ kind: 0, text: '\ud800' }] }, 'BAD_UTF8'],
  ]
  for (const [change, code] of faults) assert.throws(() => encodeJob({ ...PLAIN, ...change }), { code })
})

test('input and prefix fill 256 KiB together and no more', () => {
  // Counts and kind take 1 + 1 + 5 + 4 bytes beside text and ids.
  const full = (spare: number): Job => ({
    ...PLAIN,
    input: [{ kind: 1, text: 'x'.repeat(JOB_LIMITS.inputBytes - 11 - 400 + spare) }],
    prefix: Array.from({ length: 100 }, (_, i) => i),
  })
  assert.deepEqual(decodeJob(encodeJob(full(0))), full(0))
  assert.throws(() => encodeJob(full(1)), { code: 'TOO_LONG' })
})

test('faults that only bytes can have are named too', () => {
  const bytes = encodeJob(PLAIN)
  const changed = (at: number, ...values: number[]) => {
    const copy = bytes.slice()
    copy.set(values, at)
    return copy
  }
  assert.throws(() => decodeJob(new Uint8Array(MAX_JOB_BYTES + 1)), { code: 'TOO_LONG' })
  assert.throws(() => decodeJob(changed(0, 2)), { code: 'BAD_VERSION' })
  assert.throws(() => decodeJob(changed(88, 2)), { code: 'BAD_KIND' })
  assert.throws(() => decodeJob(changed(90, 0xff)), { code: 'BAD_UTF8' })
  assert.throws(() => decodeJob(changed(87, 0xfd, 0x01, 0x00)), { code: 'NON_CANONICAL_SIZE' })
  // A count of token ids that cannot follow.
  assert.throws(() => decodeJob(changed(106, 0xff, 0xff, 0, 0)), { code: 'TRUNCATED' })
  assert.throws(() => decodeJob(changed(106, 0xff, 0xff, 0xff, 0xff)), { code: 'TOO_LONG' })
})
