import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, jobId, type Transaction, type TxOut } from '@camelid/codec'
import { escrowScript, p2pkhScript, STANDARD_FLAGS, verifyInput } from '@camelid/consensus'
import { hash160, publicKeyOf } from '@camelid/crypto'
import { buildFunding } from './build-funding.ts'
import { checkFunding } from './check-funding.ts'
import type { JobErrorCode } from './errors.ts'
import { clientKey, coinSecret, fund, nodeKey, params, terms } from './testing/fixtures.ts'

const coinScript = p2pkhScript(hash160(publicKeyOf(coinSecret)))
const spentOf = (values: readonly bigint[]): TxOut[] => values.map((value) => ({ value, scriptPubKey: coinScript }))
const { job, funding } = fund()
const spent = spentOf([5_000_000_000n])

test('what is built passes its own check, and its signatures hold', () => {
  checkFunding(funding, job, params, spent)
  const [output] = spent
  assert.ok(output)
  verifyInput({ tx: funding, index: 0, spent: output, flags: STANDARD_FLAGS })
  assert.deepEqual(funding.jobId, jobId(job))
  assert.equal(funding.lockTime, job.timelock + params.contestWindow)
})

test('F pays exactly the fee of the job, with and without change', () => {
  for (const values of [[5_000_000_000n], [10_000_000n + 500n], [6_000_000n, 4_001_200n]]) {
    const made = fund({ fee: 400n }, values)
    const out = made.funding.vout.reduce((sum, output) => sum + output.value, 0n)
    assert.equal(values.reduce((sum, value) => sum + value, 0n) - out, made.job.fee)
    checkFunding(made.funding, made.job, params, spentOf(values))
  }
})

test('a change too small to keep goes into the fee', () => {
  const made = fund({ fee: 400n }, [10_000_000n + 400n + 999n])
  assert.equal(made.change, 0n)
  assert.equal(made.funding.vout.length, 1)
  assert.equal(made.job.fee, 1_399n)
})

test('a fee too low for relay is raised', () => {
  assert.ok(fund({ fee: 1n }).job.fee >= BigInt(encodeTransaction(funding).length))
})

test('too few coins are named with what is missing', () => {
  assert.throws(() => fund({}, [1_000n]), { code: 'INSUFFICIENT_FUNDS' })
  const options = { terms: terms(), coins: [], changeHash: new Uint8Array(20), params }
  assert.throws(() => buildFunding(options), { code: 'INSUFFICIENT_FUNDS' })
})

const [escrow, change] = funding.vout
assert.ok(escrow && change)
const [input] = funding.vin
assert.ok(input)
const expiry = job.timelock + 2 * params.contestWindow
const bent: readonly [string, Partial<Transaction>, JobErrorCode][] = [
  ['version', { version: 2 }, 'BAD_FUNDING'],
  ['jobId', { jobId: new Uint8Array(32).fill(1) }, 'BAD_FUNDING'],
  ['no inputs', { vin: [] }, 'BAD_FUNDING'],
  ['another first input', { vin: [{ ...input, prevout: { ...input.prevout, index: 9 } }] }, 'BAD_FUNDING'],
  ['sequence', { vin: [{ ...input, sequence: 0xffffffff }] }, 'BAD_FUNDING'],
  ['lockTime', { lockTime: funding.lockTime + 1 }, 'BAD_FUNDING'],
  ['no outputs', { vout: [] }, 'BAD_FUNDING'],
  ['a third output', { vout: [escrow, change, change] }, 'BAD_FUNDING'],
  ['escrow value', { vout: [{ ...escrow, value: escrow.value - 1n }, change] }, 'BAD_FUNDING'],
  ['escrow script', { vout: [{ ...escrow, scriptPubKey: coinScript }, change] }, 'BAD_FUNDING'],
  ['escrow key', { vout: [{ ...escrow, scriptPubKey: escrowScript(expiry, nodeKey) }, change] }, 'BAD_FUNDING'],
  [
    'escrow expiry',
    { vout: [{ ...escrow, scriptPubKey: escrowScript(expiry + 1, clientKey) }, change] },
    'BAD_FUNDING',
  ],
  ['change script', { vout: [escrow, { ...change, scriptPubKey: escrow.scriptPubKey }] }, 'BAD_FUNDING'],
  ['dust change', { vout: [escrow, { ...change, value: 999n }] }, 'BAD_FUNDING'],
  ['fee', { vout: [escrow, { ...change, value: change.value - 1n }] }, 'BAD_FUNDING'],
]
for (const [name, part, code] of bent) {
  test(`refused: wrong ${name}`, () => {
    assert.throws(() => checkFunding({ ...funding, ...part }, job, params, spent), { code })
  })
}

test('refused: a fee that is enough for F but not for the P that replaces it', () => {
  const lone = fund({ fee: 400n }, [10_000_400n])
  const least = BigInt(encodeTransaction(lone.funding).length)
  const cheap = { ...lone.job, fee: least }
  assert.throws(() => checkFunding({ ...lone.funding, jobId: jobId(cheap) }, cheap, params), { code: 'FEE_TOO_LOW' })
})

test('refused: an input that is not signed, or with another type than ALL', () => {
  const typed = (type: number) => input.scriptSig.with(input.scriptSig[0] ?? 0, type)
  for (const scriptSig of [new Uint8Array(0), typed(2), typed(0x81)]) {
    assert.throws(() => checkFunding({ ...funding, vin: [{ ...input, scriptSig }] }, job, params), {
      code: 'BAD_FUNDING',
    })
  }
})

test('refused: a fee under the relay fee, inputs of another kind or number', () => {
  const cheap = { ...job, fee: 100n }
  assert.throws(() => checkFunding({ ...funding, jobId: jobId(cheap) }, cheap, params), { code: 'FEE_TOO_LOW' })
  assert.throws(() => checkFunding(funding, job, params, []), { code: 'BAD_FUNDING' })
  const odd = [{ value: 5_000_000_000n, scriptPubKey: escrow.scriptPubKey }]
  assert.throws(() => checkFunding(funding, job, params, odd), { code: 'BAD_FUNDING' })
})

test('an escrow that expires earlier is the client’s own affair', () => {
  const early = { ...escrow, scriptPubKey: escrowScript(job.timelock, clientKey) }
  checkFunding({ ...funding, vout: [early, change] }, job, params)
})
