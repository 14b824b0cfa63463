import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeTransaction } from '@camelid/codec'
import { checkTransactionInIsolation, networkParams, pushNumber } from '@camelid/consensus'
import { concatBytes } from '@camelid/crypto'
import fc from 'fast-check'
import { coinbaseParts } from './coinbase.ts'

test('prefix, any extra nonce and suffix make a coinbase that begins with its height', () => {
  const nonces = fc.uint8Array({ minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), nonces, (height, extraNonce) => {
      const { prefix, suffix } = coinbaseParts({ height, value: 50n, payoutH2: new Uint8Array(20) })
      const transaction = decodeTransaction(concatBytes(prefix, extraNonce, suffix))
      checkTransactionInIsolation(transaction, networkParams('main'))
      const scriptSig = transaction.vin[0]?.scriptSig ?? new Uint8Array()
      assert.deepEqual(scriptSig, concatBytes(pushNumber(height), Uint8Array.of(8), extraNonce))
    }),
  )
})
