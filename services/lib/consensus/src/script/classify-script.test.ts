import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, hexToBytes, publicKeyOf } from '@camelid/crypto'
import fc from 'fast-check'
import { classifyScript, isUnspendable } from './classify-script.ts'
import { countSigops } from './count-sigops.ts'
import { OP } from './opcodes.ts'
import { bondScript } from './template/bond.ts'
import { escrowScript } from './template/escrow.ts'
import { multisigScript } from './template/multisig.ts'
import { opReturnScript } from './template/op-return.ts'
import { p2pkhScript } from './template/p2pkh.ts'
import { p2shScript } from './template/p2sh.ts'

const KEY = publicKeyOf(new Uint8Array(32).fill(1))
const H2 = new Uint8Array(20).fill(7)

test('every template is recognised as what it was made from', () => {
  assert.deepEqual(classifyScript(p2pkhScript(H2)), { kind: 'p2pkh', h2: H2 })
  assert.deepEqual(classifyScript(p2shScript(H2)), { kind: 'p2sh', scriptHash: H2 })
  const multisig = { required: 2, keys: [KEY, KEY, KEY] }
  assert.deepEqual(classifyScript(multisigScript(2, multisig.keys)), { kind: 'multisig', ...multisig })
  for (const unbondHeight of [0, 1, 16, 17, 127, 128, 255, 256, 32_768, 8_388_608, 499_999_999]) {
    const bond = { kind: 'bond', nodeKey: KEY, unbondHeight }
    assert.deepEqual(classifyScript(bondScript(KEY, unbondHeight)), bond)
  }
  for (const expiryTime of [500_000_000, 2_147_483_647, 2_147_483_648, 0xffffffff]) {
    const escrow = { kind: 'escrow', expiryTime, clientKey: KEY }
    assert.deepEqual(classifyScript(escrowScript(expiryTime, KEY)), escrow)
  }
  for (const length of [0, 1, 20, 40, 75, 76, 80, 255, 256]) {
    const data = new Uint8Array(length).fill(5)
    assert.deepEqual(classifyScript(opReturnScript(data)), { kind: 'opReturn', data })
  }
})

test('the bond script is the written one, byte for byte', () => {
  const expected = concatBytes(
    hexToBytes('6321'),
    KEY,
    hexToBytes('b36921'),
    KEY,
    hexToBytes('ac6702e803b17521'),
    KEY,
    hexToBytes('ac68'),
  )
  assert.deepEqual(bondScript(KEY, 1_000), expected)
})

test('a template with any byte changed or added is another thing', () => {
  const scripts = [bondScript(KEY, 1_000), escrowScript(1_900_000_000, KEY)]
  fc.assert(
    fc.property(fc.constantFrom(...scripts), fc.nat(), fc.integer({ min: 1, max: 255 }), (script, pick, change) => {
      const other = script.slice()
      const at = pick % script.length
      other[at] = (other[at] ?? 0) ^ change
      const { kind } = classifyScript(other)
      // Another number or, in the escrow, another key is still a template; nothing may be taken for the very same.
      assert.notDeepEqual(classifyScript(other), classifyScript(script))
      assert.ok(kind === 'nonstandard' || kind === classifyScript(script).kind)
      assert.equal(classifyScript(concatBytes(script, Uint8Array.of(change))).kind, 'nonstandard')
    }),
  )
})

test('no bytes at all, and random ones, are classified without a throw', () => {
  assert.equal(classifyScript(new Uint8Array()).kind, 'nonstandard')
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (script) => void classifyScript(script)))
  // Beginnings of templates cut off anywhere.
  for (const script of [bondScript(KEY, 9), escrowScript(600_000_000, KEY), multisigScript(1, [KEY])]) {
    for (let end = 0; end < script.length; end++) {
      assert.equal(classifyScript(script.subarray(0, end)).kind, 'nonstandard')
    }
  }
})

test('three different keys, a long push of the height, a time for a height make no bond', () => {
  const other = publicKeyOf(new Uint8Array(32).fill(2))
  const mixed = bondScript(KEY, 1_000)
  mixed.set(other, 38)
  assert.equal(classifyScript(mixed).kind, 'nonstandard')
  const script = bondScript(KEY, 1_000)
  const longPush = concatBytes(script.subarray(0, 73), hexToBytes('03e80300'), script.subarray(76))
  assert.equal(classifyScript(longPush).kind, 'nonstandard')
  const aTime = concatBytes(script.subarray(0, 73), hexToBytes('040065cd1d'), script.subarray(76))
  assert.equal(classifyScript(aTime).kind, 'nonstandard')
  assert.throws(() => bondScript(KEY, 500_000_000), RangeError)
  assert.throws(() => escrowScript(499_999_999, KEY), RangeError)
})

test('what nobody can spend needs no place among the coins', () => {
  assert.equal(isUnspendable(opReturnScript(H2)), true)
  assert.equal(isUnspendable(new Uint8Array(10_001)), true)
  assert.equal(isUnspendable(p2pkhScript(H2)), false)
})

test('sigops: CHECKVERDICT counts the committee, CHECKMULTISIG its keys where they are known', () => {
  assert.equal(countSigops(bondScript(KEY, 1_000), 7), 7 + 2)
  assert.equal(countSigops(p2pkhScript(H2), 7), 1)
  assert.equal(countSigops(multisigScript(1, [KEY, KEY]), 7), 20)
  assert.equal(countSigops(multisigScript(1, [KEY, KEY]), 7, true), 2)
  assert.equal(countSigops(Uint8Array.of(OP.CHECKSIG, 5, OP.CHECKSIG), 7), 1)
})
