import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bigIntToBytes32, bytesToBigInt, concatBytes, encodeDer, hexToBytes } from '@camelid/crypto'
import { NODE, testament, withScriptSig } from '../testing/testament.ts'
import { CONSENSUS_FLAGS } from './flags.ts'
import { OP } from './opcodes.ts'
import { pushData } from './push-data.ts'
import { ScriptError } from './script-error.ts'
import { checkSignatureEncoding } from './signature-encoding.ts'
import { verifyInput } from './verify-input.ts'

const ORDER = bytesToBigInt(hexToBytes('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'))
const HALF = ORDER / 2n
const signatureOf = (r: bigint, s: bigint) =>
  concatBytes(encodeDer(concatBytes(bigIntToBytes32(r), bigIntToBytes32(s))), Uint8Array.of(1))

function refusal(run: () => void): string {
  try {
    run()
    return 'OK'
  } catch (error) {
    return error instanceof ScriptError ? error.code : assert.fail(String(error))
  }
}

test('s is high above half the order and below all of it, as in Bitcoin', () => {
  const judged = (r: bigint, s: bigint) => refusal(() => checkSignatureEncoding(signatureOf(r, s), CONSENSUS_FLAGS))
  assert.equal(judged(1n, HALF), 'OK')
  assert.equal(judged(1n, HALF + 1n), 'SIG_HIGH_S')
  assert.equal(judged(ORDER - 1n, ORDER - 1n), 'SIG_HIGH_S')
  // What is no number of the group reads as zero.
  for (const none of [ORDER, ORDER + 1n, 2n ** 256n - 1n]) {
    assert.equal(judged(1n, none), 'OK')
    assert.equal(judged(none, HALF + 1n), 'OK')
  }
})

test('a signature of numbers beyond the order is false, and no error of the script', () => {
  const scriptPubKey = concatBytes(pushData(NODE.key), Uint8Array.of(OP.CHECKSIG, OP.NOT))
  for (const [r, s] of [
    [ORDER, HALF + 1n],
    [1n, ORDER],
    [0n, 0n],
  ] as const) {
    const tx = withScriptSig(testament(), pushData(signatureOf(r, s)))
    assert.equal(
      refusal(() => verifyInput({ tx, index: 0, spent: { value: 1n, scriptPubKey }, flags: CONSENSUS_FLAGS })),
      'OK',
    )
  }
})
