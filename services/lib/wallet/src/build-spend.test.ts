import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeTransaction, encodeTransaction, MAX_TRANSACTION_BYTES } from '@camelid/codec'
import {
  checkTransactionInIsolation,
  networkParams,
  opReturnScript,
  p2pkhScript,
  STANDARD_FLAGS,
  verifyInput,
} from '@camelid/consensus'
import { bigIntToBytes32 } from '@camelid/crypto'
import fc from 'fast-check'
import { buildSpend } from './build-spend.ts'
import type { Coin } from './coin.ts'
import { leastChange } from './select-coins.ts'
import { P2PKH_OUTPUT_BYTES, transactionBytes } from './transaction-size.ts'
import { walletKey } from './wallet-key.ts'

const KEYS = [1n, 2n, 3n].map((secret) => walletKey(bigIntToBytes32(secret)))
const [first, second, third] = KEYS
assert.ok(first && second && third)
const params = networkParams('local')

const coin = (value: bigint, index: number, h2 = first.h2): Coin => ({
  outpoint: { txid: new Uint8Array(32).fill(9), index },
  value,
  h2,
})

test('a spend is signed for every input by the key of its coin, and pays what it should', () => {
  const values = fc.array(fc.bigInt({ min: 10_000n, max: 10n ** 8n }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(values, fc.nat({ max: 90 }), fc.bigInt({ min: 1n, max: 5n }), (amounts, percent, feeRate) => {
      const coins = amounts.map((value, i) => coin(value, i, i % 2 === 0 ? first.h2 : second.h2))
      const total = amounts.reduce((a, b) => a + b, 0n)
      const outputs = [{ value: (total * BigInt(percent)) / 200n + 1n, scriptPubKey: p2pkhScript(third.h2) }]
      const tx = buildSpend({ coins, outputs, change: first.h2, key: KEYS, feeRate })

      assert.deepEqual(decodeTransaction(encodeTransaction(tx)), tx)
      checkTransactionInIsolation(tx, params)
      const spent = tx.vin.map((input) => coins[input.prevout.index])
      tx.vin.forEach((_, index) => {
        const from = spent[index]
        assert.ok(from)
        const output = { value: from.value, scriptPubKey: p2pkhScript(from.h2) }
        verifyInput({ tx, index, spent: output, flags: STANDARD_FLAGS })
      })
      assert.deepEqual(tx.vout[0], outputs[0])
      const fee =
        spent.reduce((sum, c) => sum + (c?.value ?? 0n), 0n) - tx.vout.reduce((sum, out) => sum + out.value, 0n)
      // Signatures come out a byte or two shorter than they may: the fee is that of the longest.
      const shorter = tx.vin.reduce((sum, { scriptSig }) => sum + 107 - scriptSig.length, 0)
      const size = BigInt(encodeTransaction(tx).length + shorter)
      if (tx.vout.length === 2) assert.equal(fee, size * feeRate, 'the fee is not its rate')
      assert.ok(fee >= size * feeRate, 'the fee is below its rate')
      assert.ok(fee < (size + 34n) * feeRate + leastChange(feeRate), 'the fee is needlessly high')
    }),
    { numRuns: 60 },
  )
})

test('change comes last, and is left out where it is not worth keeping', () => {
  const outputs = [{ value: 5_000n, scriptPubKey: p2pkhScript(third.h2) }]
  const spend = { outputs, change: second.h2, key: first, feeRate: 1n }
  const kept = buildSpend({ ...spend, coins: [coin(50_000n, 0)] })
  assert.equal(kept.vout[1]?.value, 50_000n - 5_000n - BigInt(transactionBytes(1, 2, 2 * P2PKH_OUTPUT_BYTES)))
  assert.equal(kept.vout.length, 2)
  assert.deepEqual(kept.vout[1]?.scriptPubKey, p2pkhScript(second.h2))
  assert.equal(buildSpend({ ...spend, coins: [coin(6_000n, 0)] }).vout.length, 1)
})

test('a coin whose key is not there is told, and so is a payment too long for a transaction', () => {
  const outputs = [{ value: 5_000n, scriptPubKey: p2pkhScript(third.h2) }]
  const coins = [coin(10n ** 9n, 0, second.h2)]
  assert.throws(() => buildSpend({ coins, outputs, change: first.h2, key: first, feeRate: 1n }), {
    code: 'KEY_MISSING',
  })
  const many = Array.from({ length: MAX_TRANSACTION_BYTES / 34 }, () => ({
    value: 1_000n,
    scriptPubKey: p2pkhScript(third.h2),
  }))
  assert.throws(() => buildSpend({ coins, outputs: many, change: first.h2, key: second, feeRate: 1n }), {
    code: 'TOO_LARGE',
  })
  const negative = [
    { value: 6_000n, scriptPubKey: p2pkhScript(third.h2) },
    { value: -1n, scriptPubKey: opReturnScript(new Uint8Array(1)) },
  ]
  assert.throws(() => buildSpend({ coins, outputs: negative, change: first.h2, key: second, feeRate: 1n }), {
    code: 'BAD_AMOUNT',
  })
})
