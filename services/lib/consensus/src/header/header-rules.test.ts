import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerHash } from '@camelid/codec'
import { mineGenesis } from '../params/mine-genesis.ts'
import { networkParams } from '../params/networks.ts'
import { workOf } from '../pow/work.ts'
import { checkHeaderInContext } from './check-header-in-context.ts'
import { checkHeaderInIsolation } from './check-header-in-isolation.ts'
import { childNode, genesisNode } from './header-node.ts'
import { medianTimePast } from './median-time-past.ts'

const PARAMS = networkParams('local')
const PARENT = genesisNode(PARAMS)
const NOW = PARENT.header.time + 1_000
const HEADER = { ...PARENT.header, prevHash: PARENT.hash, time: NOW }
const CONTEXT = { parent: PARENT, medianTime: PARENT.header.time, nowSeconds: NOW, params: PARAMS }

test('a header without the work that its bits ask for is refused', () => {
  const nonce = mineGenesis(HEADER)
  assert.ok(nonce !== null && nonce > 0)
  const header = { ...HEADER, nonce }
  assert.deepEqual(checkHeaderInIsolation(header, PARAMS), headerHash(header))
  assert.throws(() => checkHeaderInIsolation({ ...header, nonce: nonce - 1 }, PARAMS), { code: 'BAD_POW', score: 100 })
})

test('bits easier than the limit, or no target, are refused before any work counts', () => {
  assert.throws(() => checkHeaderInIsolation({ ...HEADER, bits: 0x1f010000 }, PARAMS), { code: 'BAD_BITS' })
  assert.throws(() => checkHeaderInIsolation({ ...HEADER, bits: 0x1f80ffff }, PARAMS), { code: 'BAD_BITS' })
})

test('a header follows its parent with the bits of ASERT', () => {
  checkHeaderInContext(HEADER, CONTEXT)
  assert.throws(() => checkHeaderInContext({ ...HEADER, bits: 0x1f00fffe }, CONTEXT), { code: 'BAD_DIFFICULTY' })
  assert.throws(() => checkHeaderInContext({ ...HEADER, prevHash: new Uint8Array(32) }, CONTEXT), {
    code: 'BAD_PREVIOUS_HASH',
  })
})

test('time lies above the median and not too far ahead, which blames nobody', () => {
  const at = (time: number) => () => checkHeaderInContext({ ...HEADER, time }, CONTEXT)
  assert.throws(at(CONTEXT.medianTime), { code: 'TIME_TOO_OLD' })
  at(CONTEXT.medianTime + 1)()
  at(NOW + PARAMS.maxFutureTime)()
  assert.throws(at(NOW + PARAMS.maxFutureTime + 1), { code: 'TIME_TOO_NEW', score: 0 })
})

test('the median is that of the last 11 times', () => {
  assert.equal(medianTimePast([5]), 5)
  assert.equal(medianTimePast([1, 2]), 2)
  assert.equal(medianTimePast([9, 1, 5]), 5)
  assert.equal(medianTimePast([1000, 1000, 1000, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), 6)
})

test('work adds up, block 1 is the anchor, its children keep it', () => {
  const one = childNode(PARENT, HEADER, PARAMS)
  assert.equal(one.work, 2n * workOf(PARAMS.powLimitBits))
  assert.deepEqual(one.anchor, { height: 1, parentTime: NOW - PARAMS.spacing, bits: HEADER.bits })
  const two = childNode(one, { ...HEADER, time: NOW + 10 * PARAMS.asertHalfLife }, PARAMS)
  assert.equal(two.anchor, one.anchor)
  const slept = childNode(one, { ...HEADER, time: NOW + 10 * PARAMS.asertHalfLife + 1 }, PARAMS)
  assert.equal(slept.anchor.height, 2)
})
