import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToBigInt, bytesToHex, compareBytes, concatBytes, sha256, utf8 } from '@camelid/crypto'
import fc from 'fast-check'
import { networkParams } from '../params/networks.ts'
import { type CommitteeBond, committee } from './committee.ts'
import { quorum } from './quorum.ts'

const PARAMS = networkParams('main')
const HEIGHT = 1_000
const LATE = HEIGHT + PARAMS.verdictLife + 1
const key = (n: number): Uint8Array => Uint8Array.of(2, ...new Uint8Array(31), n)
const NODE = key(255)

const bond = fc.record({
  nodeKey: fc.integer({ min: 0, max: 30 }).map(key),
  value: fc.bigInt({ min: PARAMS.minimumBond / 2n, max: PARAMS.minimumBond * 50n }),
  unbondHeight: fc.constantFrom(LATE - 1, LATE, LATE + 1_000),
})
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })

function draw(bonds: readonly CommitteeBond[], jobId = new Uint8Array(32), blockHash = new Uint8Array(32).fill(1)) {
  return committee({ bonds, nodeKey: NODE, jobId, blockHash, height: HEIGHT, params: PARAMS })
}

const names = (members: readonly { nodeKey: Uint8Array }[]) => members.map(({ nodeKey }) => bytesToHex(nodeKey))

test('members are distinct keys of eligible bonds, in order of drawing, as many as there are up to n', () => {
  fc.assert(
    fc.property(fc.array(bond, { maxLength: 60 }), hash, hash, (bonds, jobId, blockHash) => {
      const eligible = bonds.filter(({ value, unbondHeight }) => value >= PARAMS.minimumBond && unbondHeight >= LATE)
      const keys = new Set(names(eligible))
      const drawn = names(draw(bonds, jobId, blockHash))
      assert.equal(new Set(drawn).size, drawn.length)
      assert.ok(drawn.every((name) => keys.has(name)))
      assert.equal(drawn.length, Math.min(PARAMS.committeeSize, keys.size))
    }),
  )
})

test('the order in which bonds are given, and how a key splits them, change nothing', () => {
  fc.assert(
    fc.property(fc.array(bond, { minLength: 1, maxLength: 20 }), hash, (bonds, blockHash) => {
      const job = new Uint8Array(32)
      assert.deepEqual(draw(bonds.toReversed(), job, blockHash), draw(bonds, job, blockHash))
      const doubled = bonds.map((one) => ({
        ...one,
        value: one.value >= PARAMS.minimumBond ? one.value * 2n : one.value,
      }))
      const twice = bonds.flatMap((one) => [one, one])
      assert.deepEqual(draw(twice, job, blockHash), draw(doubled, job, blockHash))
    }),
  )
})

test('the judged node is never among its judges', () => {
  const bonds = [NODE, key(1), key(2)].map((nodeKey) => ({ nodeKey, value: PARAMS.minimumBond, unbondHeight: LATE }))
  assert.deepEqual(names(draw(bonds)).sort(), names(bonds.slice(1)).sort())
  assert.equal(draw(bonds.slice(0, 1)).length, 0)
})

test('members are those of the written rule, reckoned apart', () => {
  const bonds = [3n, 1n, 7n, 2n, 9n, 4n, 5n, 6n, 8n].map((weight, i) => ({
    nodeKey: key(i),
    value: PARAMS.minimumBond * weight,
    unbondHeight: LATE,
  }))
  const jobId = new Uint8Array(32).fill(4)
  const blockHash = new Uint8Array(32).fill(8)
  const seed = sha256(concatBytes(utf8('camelid/committee/v1'), blockHash, jobId))
  const left = [...bonds].sort((a, b) => compareBytes(a.nodeKey, b.nodeKey))
  const expected: string[] = []
  for (let i = 0; i < 7; i++) {
    // One ticket a base unit, in the order of the keys.
    const total = left.reduce((sum, { value }) => sum + value, 0n)
    let ticket = bytesToBigInt(sha256(concatBytes(seed, Uint8Array.of(i, 0, 0, 0)))) % total
    const at = left.findIndex(({ value }) => {
      if (ticket < value) return true
      ticket -= value
      return false
    })
    expected.push(...names(left.splice(at, 1)))
  }
  assert.deepEqual(names(draw(bonds, jobId, blockHash)), expected)
})

test('more weight is drawn more often', () => {
  const bonds = Array.from({ length: 20 }, (_, i) => ({
    nodeKey: key(i),
    value: PARAMS.minimumBond * (i === 0 ? 20n : 1n),
    unbondHeight: LATE,
  }))
  let heavy = 0
  for (let i = 0; i < 300; i++) {
    const [first] = draw(bonds, new Uint8Array(32).fill(i % 256), new Uint8Array(32).fill(i >> 8))
    if (first?.nodeKey[32] === 0) heavy += 1
  }
  // 20 of 39 by expectation: 154 of 300, standard deviation 8.7.
  assert.ok(heavy > 110 && heavy < 198, String(heavy))
})

test('quorum is two thirds, at least two', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(quorum), [null, null, 2, 2, 3, 4, 4, 5])
})
