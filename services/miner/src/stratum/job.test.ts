import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bitsToTarget } from '@camelid/consensus'
import { bigIntToBytes32, hexToBytes } from '@camelid/crypto'
import type { Template } from '../work/template.ts'
import { checkShare } from './check-share.ts'
import { notifyParams, type StratumJob } from './job.ts'

// The example of Stratum's own documentation: a job of Bitcoin's chain, and the share that was handed in for it, a block.
const NOTIFY = [
  'bf',
  '4d16b6f85af6e2198f44ae2a6de67f78487ae5611b77c6c0440b921e00000000',
  '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff20020862062f503253482f04b8864e5008',
  '072f736c7573682f000000000100f2052a010000001976a914d23fcdf86f7e756a64a7a9688ef9903327048ed988ac00000000',
  [],
  '00000002',
  '1c2ac4af',
  '504e86b9',
  false,
]
const EXTRA_NONCE = '0800000200000001'
const SHARE_TIME = 0x504e86ed
const SHARE_NONCE = 0xb2957c02
const HASH = '32abdc31d947623a2482144f92dbc092a84fd8ee6e2b5ae60f87762000000000'

/** As a chain would give it: the header's fields in the byte order that is hashed. */
function template(): Template {
  const header = new Uint8Array(80)
  header.set([2, 0, 0, 0])
  header.set(hexToBytes('f8b6164d19e2f65a2aae448f787fe66d61e57a48c0c6771b1e920b4400000000'), 4)
  header.set([0xaf, 0xc4, 0x2a, 0x1c], 72)
  return {
    height: 156_168,
    header,
    coinbasePrefix: hexToBytes(String(NOTIFY[2])),
    coinbaseSuffix: hexToBytes(String(NOTIFY[3])),
    merkleBranch: [],
    target: bigIntToBytes32(bitsToTarget(0x1c2ac4af)).reverse(),
    time: 0x504e86b9,
    minTime: 0x504e8000,
    maxTime: 0x504e8fff,
  }
}

const job: StratumJob = { id: 'bf', work: template(), transactions: [], difficulty: 1, receivedMs: 0 }
const share = { extraNonce: Buffer.from(EXTRA_NONCE, 'hex'), time: SHARE_TIME, nonce: SHARE_NONCE }
const fresh = { seen: () => false, nowMs: 0 }

test("a job is written, and a share is read, as in the protocol's own example", () => {
  assert.deepEqual(notifyParams(job, 0x504e86b9, false), NOTIFY)
  const { key, isBlock } = checkShare(job, share, fresh)
  assert.equal(key, HASH)
  assert.equal(isBlock, true)
})

test('the same share in any other place or order of bytes is none', () => {
  for (const wrong of [
    { ...share, nonce: 0x027c95b2 },
    { ...share, time: SHARE_TIME + 1 },
    { ...share, extraNonce: Buffer.from('0000000108000002', 'hex') },
  ])
    assert.throws(() => checkShare(job, wrong, fresh), { code: 'LOW_DIFFICULTY' })
  assert.throws(() => checkShare(job, share, { ...fresh, seen: () => true }), { code: 'DUPLICATE_SHARE' })
  assert.throws(() => checkShare(job, { ...share, time: 0x504e9010 }, fresh), { code: 'TIME_OUT_OF_RANGE' })
})

test('a share counts by the difficulty of its job, and a block counts whatever that is', () => {
  const harder = { ...job, work: { ...job.work, target: new Uint8Array(32) } }
  assert.equal(checkShare({ ...harder, difficulty: 7 }, share, fresh).isBlock, false)
  assert.throws(() => checkShare({ ...harder, difficulty: 8 }, share, fresh), { code: 'LOW_DIFFICULTY' })
  assert.equal(checkShare({ ...job, difficulty: 8 }, share, fresh).isBlock, true)
})
