import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, type Transaction } from '@camelid/codec'
import { opReturnScript, p2pkhScript, STANDARD_FLAGS, settlementEntry, verifyInput } from '@camelid/consensus'
import { hash160, publicKeyOf } from '@camelid/crypto'
import { checkPayment, paidNode } from './payment.ts'
import { clientKey, coinSecret, fund, nodeKey, pay, rewardHash } from './testing/fixtures.ts'

const { job, funding } = fund({}, [6_000_000n, 5_000_000_000n])
const payment = pay(funding, job)
const context = { funding, job, commitment: { rewardHash, nodeKey } }

test('what is built passes, is signed, and pays the same fee and 34 more', () => {
  checkPayment(payment, context)
  const scriptPubKey = p2pkhScript(hash160(publicKeyOf(coinSecret)))
  for (const [index, value] of [6_000_000n, 5_000_000_000n].entries()) {
    verifyInput({ tx: payment, index, spent: { value, scriptPubKey }, flags: STANDARD_FLAGS })
  }
  const sum = (tx: Transaction) => tx.vout.reduce((total, output) => total + output.value, 0n)
  assert.equal(sum(funding) - sum(payment), 34n)
  assert.ok(BigInt(encodeTransaction(payment).length) <= job.fee + 34n)
  assert.equal(payment.lockTime, job.timelock)
})

test('its settlement entry names the funding outpoint, the job and the node', () => {
  const spent = payment.vin.map(() => ({ value: 0n, scriptPubKey: p2pkhScript(rewardHash) }))
  const entry = settlementEntry(payment, spent)
  assert.deepEqual(entry?.outpoint, job.fundingOutpoint)
  assert.deepEqual(entry?.jobId, payment.jobId)
  assert.deepEqual(entry?.h2, hash160(nodeKey))
})

test('without change there are two outputs, and the fee is that of F', () => {
  const lone = fund({ fee: 400n }, [10_000_500n])
  const paid = pay(lone.funding, lone.job)
  assert.equal(paid.vout.length, 2)
  checkPayment(paid, { funding: lone.funding, job: lone.job, commitment: context.commitment })
})

const [reward, mark, change] = payment.vout
const [first, second] = payment.vin
assert.ok(reward && mark && change && first && second)
const bent: readonly [string, Partial<Transaction>][] = [
  ['version', { version: 2 }],
  ['jobId', { jobId: new Uint8Array(32) }],
  ['lockTime', { lockTime: payment.lockTime - 1 }],
  ['an input less', { vin: [first] }],
  ['inputs in another order', { vin: [second, first] }],
  ['another index', { vin: [{ ...first, prevout: { ...first.prevout, index: 5 } }, second] }],
  ['sequence', { vin: [{ ...first, sequence: 0 }, second] }],
  ['no change', { vout: [reward, mark] }],
  ['a smaller reward', { vout: [{ ...reward, value: reward.value - 1n }, mark, change] }],
  ['another payee', { vout: [{ ...reward, scriptPubKey: p2pkhScript(hash160(clientKey)) }, mark, change] }],
  ['another node', { vout: [reward, { ...mark, scriptPubKey: opReturnScript(hash160(clientKey)) }, change] }],
  ['value in the mark', { vout: [reward, { ...mark, value: 1n }, change] }],
  ['a larger change', { vout: [reward, mark, { ...change, value: change.value + 1n }] }],
  ['change to another', { vout: [reward, mark, { ...change, scriptPubKey: p2pkhScript(rewardHash) }] }],
]
for (const [name, part] of bent) {
  test(`refused: ${name}`, () => {
    assert.throws(() => checkPayment({ ...payment, ...part }, context), { code: 'BAD_PAYMENT' })
    const paid = paidNode({ ...payment, ...part }, { funding, job })
    assert.equal(paid === null, name !== 'another payee' && name !== 'another node')
  })
}

test('whom a payment pays is read from it, without its commitment; F pays nobody', () => {
  assert.deepEqual(paidNode(payment, { funding, job }), { rewardHash, nodeHash: hash160(nodeKey) })
  assert.equal(paidNode(funding, { funding, job }), null)
  const other = fund({ seed: 9n }, [6_000_000n, 5_000_000_000n])
  assert.equal(paidNode(payment, other), null)
})
