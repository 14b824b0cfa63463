import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Coin } from './coin.ts'
import { leastChange, selectCoins } from './select-coins.ts'
import { P2PKH_INPUT_BYTES, P2PKH_OUTPUT_BYTES, transactionBytes } from './transaction-size.ts'
import { WalletError } from './wallet-error.ts'

const H2 = new Uint8Array(20)
const coinsOf = (values: readonly bigint[]): Coin[] =>
  values.map((value, index) => ({ outpoint: { txid: new Uint8Array(32), index }, value, h2: H2 }))
const valuesOf = (coins: readonly Coin[]) => coins.map((coin) => coin.value)

const amount = fc.bigInt({ min: 1n, max: 10n ** 9n })
const wallet = fc.array(amount, { maxLength: 12 })
const rate = fc.bigInt({ min: 0n, max: 500n })

test('what is selected pays target, fee and change to the unit, each coin once', () => {
  fc.assert(
    fc.property(wallet, amount, rate, (values, target, feeRate) => {
      const selection = trySelect(coinsOf(values), target, feeRate)
      if (selection === undefined) return
      const sum = valuesOf(selection.coins).reduce((a, b) => a + b, 0n)
      assert.equal(sum, target + selection.fee + selection.change)
      assert.equal(new Set(selection.coins).size, selection.coins.length)
      assert.ok(selection.change === 0n || selection.change >= leastChange(feeRate), 'the change is dust')
      const changes = selection.change > 0n ? 1 : 0
      const size = transactionBytes(selection.coins.length, 1 + changes, P2PKH_OUTPUT_BYTES * (1 + changes))
      assert.ok(selection.fee >= BigInt(size) * feeRate)
      // With change to the unit; without, the fee holds at most a change that was not worth keeping.
      if (changes === 1) assert.equal(selection.fee, BigInt(size) * feeRate)
      assert.ok(selection.fee < BigInt(size + P2PKH_OUTPUT_BYTES) * feeRate + leastChange(feeRate))
    }),
  )
})

test('funds are called insufficient only where all useful coins together are', () => {
  fc.assert(
    fc.property(wallet, amount, rate, (values, target, feeRate) => {
      if (trySelect(coinsOf(values), target, feeRate) !== undefined) return
      const useful = values.map((value) => value - BigInt(P2PKH_INPUT_BYTES) * feeRate).filter((value) => value > 0n)
      const base = BigInt(transactionBytes(0, 1, P2PKH_OUTPUT_BYTES)) * feeRate
      assert.ok(useful.reduce((a, b) => a + b, 0n) < target + base)
    }),
  )
})

test('the order in which coins are known does not matter', () => {
  fc.assert(
    fc.property(wallet, amount, rate, (values, target, feeRate) => {
      const coins = coinsOf(values)
      assert.deepEqual(trySelect(coins.toReversed(), target, feeRate), trySelect(coins, target, feeRate))
    }),
  )
})

test('the smallest coin that does alone is taken, else the largest first', () => {
  const coins = coinsOf([5_000n, 90_000n, 20_000n, 30_000n])
  assert.deepEqual(valuesOf(selectCoins({ coins, target: 15_000n, feeRate: 1n }).coins), [20_000n])
  assert.deepEqual(valuesOf(selectCoins({ coins, target: 100_000n, feeRate: 1n }).coins), [90_000n, 30_000n])
})

test('coins that need no change are found where there are some, and leave less than change would cost', () => {
  const spread = fc.bigInt({ min: 0n, max: 181n })
  fc.assert(
    fc.property(wallet, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8]), spread, rate, (values, places, over, feeRate) => {
      const coins = coinsOf(values)
      const chosen = places.flatMap((place) => coins[place] ?? [])
      const size = transactionBytes(chosen.length, 1, P2PKH_OUTPUT_BYTES)
      const cost = BigInt(P2PKH_INPUT_BYTES) * feeRate
      const target = valuesOf(chosen).reduce((a, b) => a + b, 0n) - BigInt(size) * feeRate - over * feeRate
      fc.pre(target > 0n && chosen.every(({ value }) => value > cost))
      const { coins: found, fee, change } = selectCoins({ coins, target, feeRate })
      assert.equal(change, 0n)
      const least = BigInt(transactionBytes(found.length, 1, P2PKH_OUTPUT_BYTES)) * feeRate
      assert.ok(fee - least <= over * feeRate, 'there was a choice that wastes less')
    }),
  )
})

test('an exact match goes before a single coin with change', () => {
  const size = BigInt(transactionBytes(2, 1, P2PKH_OUTPUT_BYTES))
  const coins = coinsOf([500_000n, 30_000n, 70_000n])
  const selection = selectCoins({ coins, target: 100_000n - 2n * size, feeRate: 2n })
  assert.deepEqual(valuesOf(selection.coins), [70_000n, 30_000n])
  assert.equal(selection.change, 0n)
  assert.equal(selection.fee, 2n * size)
})

test('what is missing is told, and coins too small to pay for themselves do not help', () => {
  const coins = coinsOf([1_000n, ...Array.from({ length: 50 }, () => 100n)])
  assert.throws(() => selectCoins({ coins, target: 2_000n, feeRate: 1n }), {
    code: 'INSUFFICIENT_FUNDS',
    data: { missing: 2_000n - 1_000n + BigInt(transactionBytes(1, 1, P2PKH_OUTPUT_BYTES)) },
  })
  assert.throws(() => selectCoins({ coins: [], target: 1n, feeRate: 0n }), {
    code: 'INSUFFICIENT_FUNDS',
    data: { missing: 1n },
  })
})

test('more coins than one transaction holds, and amounts that are none, are named errors', () => {
  const coins = coinsOf(Array.from({ length: 1_000 }, () => 10_000n))
  assert.throws(() => selectCoins({ coins, target: 8_000_000n, feeRate: 1n }), { code: 'TOO_MANY_COINS' })
  assert.throws(() => selectCoins({ coins, target: 0n, feeRate: 1n }), { code: 'BAD_AMOUNT' })
  assert.throws(() => selectCoins({ coins, target: 1n, feeRate: -1n }), { code: 'BAD_AMOUNT' })
})

function trySelect(coins: readonly Coin[], target: bigint, feeRate: bigint) {
  try {
    return selectCoins({ coins, target, feeRate })
  } catch (error) {
    assert.ok(error instanceof WalletError && error.code === 'INSUFFICIENT_FUNDS')
    return undefined
  }
}
