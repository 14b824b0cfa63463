import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { concatBytes, encodeDer, hash160, publicKeyOf, sign } from '@camelid/crypto'
import fc from 'fast-check'
import { CONSENSUS_FLAGS, STANDARD_FLAGS } from './flags.ts'
import { isGoodP2pkhSpend } from './p2pkh-spend.ts'
import { pushData } from './push-data.ts'
import { runScript } from './run-script.ts'
import { ScriptError } from './script-error.ts'
import { castToBool } from './script-number.ts'
import { signatureHash } from './signature-hash.ts'
import type { Spend } from './spend.ts'
import { p2pkhScript } from './template/p2pkh.ts'

const SECRET = new Uint8Array(32).fill(0x21)
const KEY = publicKeyOf(SECRET)
const SCRIPT = p2pkhScript(hash160(KEY))

function unsigned(inputs: number): Transaction {
  return {
    version: 1,
    vin: Array.from({ length: inputs }, (_, index) => ({
      prevout: { txid: new Uint8Array(32).fill(3), index },
      scriptSig: new Uint8Array(),
      sequence: 0xffffffff,
    })),
    vout: [{ value: 5n, scriptPubKey: SCRIPT }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
}

function signatureOf(tx: Transaction, hashType: number): Uint8Array {
  const digest = signatureHash(tx, 0, SCRIPT, hashType)
  return concatBytes(encodeDer(sign(digest, SECRET)), Uint8Array.of(hashType))
}

/** A spend of which input 0 has this scriptSig. */
function spendWith(tx: Transaction, scriptSig: Uint8Array, flags: number): Spend {
  const vin = tx.vin.map((input, i) => (i === 0 ? { ...input, scriptSig } : input))
  return { tx: { ...tx, vin }, index: 0, spent: { value: 9n, scriptPubKey: SCRIPT }, flags }
}

/** What the script machine alone says. */
function holdsInMachine(spend: Spend): boolean {
  const stack: Uint8Array[] = []
  try {
    runScript(spend.tx.vin[0]?.scriptSig ?? new Uint8Array(), stack, spend, 'scriptSig')
    runScript(spend.spent.scriptPubKey, stack, spend, 'output')
  } catch (error) {
    assert.ok(error instanceof ScriptError)
    return false
  }
  const top = stack.at(-1)
  return top !== undefined && castToBool(top) && (spend.flags !== STANDARD_FLAGS || stack.length === 1)
}

const flags = fc.constantFrom(CONSENSUS_FLAGS, STANDARD_FLAGS, 0)
const hashTypes = fc.constantFrom(1, 2, 3, 0x81, 0x82, 0x83, 0, 4, 0x7f)

test('every plain signature of every hash type is good exactly where the machine says so', () => {
  fc.assert(
    fc.property(hashTypes, flags, fc.integer({ min: 1, max: 3 }), (hashType, chosen, inputs) => {
      const tx = unsigned(inputs)
      const signature = signatureOf(tx, hashType)
      const spend = spendWith(tx, concatBytes(pushData(signature), pushData(KEY)), chosen)
      assert.equal(isGoodP2pkhSpend(spend), holdsInMachine(spend))
      if (hashType === 1) assert.equal(isGoodP2pkhSpend(spend), true)
    }),
    { numRuns: 60 },
  )
})

test('whatever is changed about a spend, nothing is good that the machine refuses', () => {
  const tx = unsigned(2)
  const signature = signatureOf(tx, 1)
  const good = concatBytes(pushData(signature), pushData(KEY))
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), flags, (at, change, chosen) => {
      const spend = spendWith(tx, good.with(at, (good[at] ?? 0) ^ change), chosen)
      if (isGoodP2pkhSpend(spend)) assert.equal(holdsInMachine(spend), true)
    }),
  )
  fc.assert(
    fc.property(fc.nat(good.length), flags, (end, chosen) => {
      const spend = spendWith(tx, good.subarray(0, end), chosen)
      assert.equal(isGoodP2pkhSpend(spend), end === good.length)
    }),
  )
  for (const scriptSig of [concatBytes(Uint8Array.of(0), good), concatBytes(good, Uint8Array.of(0x51))])
    assert.equal(isGoodP2pkhSpend(spendWith(tx, scriptSig, 0)), false)
})
