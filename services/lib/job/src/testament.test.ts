import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeOutPoint, encodeTransaction, type Transaction } from '@camelid/codec'
import { opReturnScript, p2pkhScript, parseOpReturn, pushData } from '@camelid/consensus'
import { concatBytes, hash160, sign } from '@camelid/crypto'
import fc from 'fast-check'
import { requiredStake, TESTAMENT_FEE } from './stake.ts'
import { buildTestament, checkTestament, type TestamentTerms } from './testament.ts'
import { bond, clientKey, clientSecret, fund, nodeSecret, params, TIP } from './testing/fixtures.ts'

const { job } = fund()
const terms: TestamentTerms = { job, bond: bond(), height: TIP + 3, params }
const signNode = (digest: Uint8Array) => sign(digest, nodeSecret)
const testament = buildTestament({ ...terms, sign: signNode })
const encoded = (part: Partial<Transaction>) => encodeTransaction({ ...testament, ...part })

test('S as the protocol says it, output by output', () => {
  checkTestament(encodeTransaction(testament), terms)
  const [toClient, mark, rest] = testament.vout
  assert.equal(toClient?.value, job.reward + 3n * 100_000n)
  assert.deepEqual(toClient?.scriptPubKey, p2pkhScript(hash160(clientKey)))
  assert.equal(mark?.value, 20_000_000n - (job.reward + 300_000n) - 100_000n)
  const data = parseOpReturn(mark?.scriptPubKey ?? new Uint8Array())
  assert.deepEqual(data, concatBytes(encodeOutPoint(job.fundingOutpoint), Uint8Array.of(0xeb, 0x03, 0, 0)))
  assert.equal(rest?.value, 180_000_000n)
  assert.equal(testament.lockTime, 500_000_000)
})

test('fee, burned, client’s and kept part are all of the slot, for any reward and slot that holds the stake', () => {
  fc.assert(
    fc.property(fc.bigInt(1_000n, 10n ** 15n), fc.bigInt(0n, 300_000n), (reward, surplus) => {
      const rich = { ...job, reward }
      const facts = bond({ value: requiredStake(rich, params) + surplus })
      const made = buildTestament({ ...terms, job: rich, bond: facts, sign: signNode })
      const total = made.vout.reduce((sum, output) => sum + output.value, 0n)
      assert.equal(total + TESTAMENT_FEE, facts.value)
      assert.ok(made.vout.every((output) => output.value >= 0n))
      assert.equal(made.vout.length, surplus >= TESTAMENT_FEE ? 3 : 2)
    }),
    { numRuns: 50 },
  )
})

test('a slot under the stake is refused', () => {
  assert.throws(() => buildTestament({ ...terms, bond: bond({ value: 19_999_999n }), sign: signNode }), {
    code: 'BOND_TOO_SMALL',
  })
})

const [toClient, mark, rest] = testament.vout
const [input] = testament.vin
assert.ok(toClient && mark && rest && input)
const other = new Uint8Array(32).fill(3)
const bent: readonly [string, Partial<Transaction>][] = [
  ['version', { version: 2 }],
  ['jobId', { jobId: other }],
  ['lockTime', { lockTime: 0 }],
  ['sequence', { vin: [{ ...input, sequence: 0xffffffff }] }],
  ['another slot', { vin: [{ ...input, prevout: { txid: other, index: 0 } }] }],
  ['a second input', { vin: [input, { ...input, prevout: { txid: other, index: 0 } }] }],
  ['one unit less to the client', { vout: [{ ...toClient, value: toClient.value - 1n }, mark, rest] }],
  ['one unit more burned', { vout: [toClient, { ...mark, value: mark.value + 1n }, rest] }],
  ['another mark', { vout: [toClient, { ...mark, scriptPubKey: opReturnScript(new Uint8Array(40)) }, rest] }],
  ['another kept part', { vout: [toClient, mark, { ...rest, value: rest.value - 1n }] }],
  ['a kept part to another script', { vout: [toClient, mark, { ...rest, scriptPubKey: toClient.scriptPubKey }] }],
  ['no signature', { vin: [{ ...input, scriptSig: new Uint8Array(0) }] }],
  ['a trailing push', { vin: [{ ...input, scriptSig: concatBytes(input.scriptSig, Uint8Array.of(0)) }] }],
  [
    'another signature type',
    { vin: [{ ...input, scriptSig: concatBytes(input.scriptSig.slice(0, -1), Uint8Array.of(2)) }] },
  ],
  ['a push that is no signature', { vin: [{ ...input, scriptSig: pushData(new Uint8Array(71).fill(1)) }] }],
]
for (const [name, part] of bent) {
  test(`refused: ${name}`, () => {
    assert.throws(() => checkTestament(encoded(part), terms), { code: 'BAD_TESTAMENT' })
  })
}

test('refused: signed by another key, cut short, for another block or job', () => {
  const forged = buildTestament({ ...terms, sign: (digest) => sign(digest, clientSecret) })
  assert.throws(() => checkTestament(encodeTransaction(forged), terms), { code: 'BAD_TESTAMENT' })
  assert.throws(() => checkTestament(encodeTransaction(testament).slice(0, -1), terms), { code: 'BAD_TESTAMENT' })
  assert.throws(() => checkTestament(encodeTransaction(testament), { ...terms, height: TIP + 4 }), {
    code: 'BAD_TESTAMENT',
  })
  const next = fund({ seed: 8n }).job
  assert.throws(() => checkTestament(encodeTransaction(testament), { ...terms, job: next }), { code: 'BAD_TESTAMENT' })
})
