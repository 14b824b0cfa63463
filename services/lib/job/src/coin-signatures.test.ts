import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Transaction } from '@camelid/codec'
import { p2pkhScript, pushData, signP2pkhInput } from '@camelid/consensus'
import { concatBytes, encodeDer, hash160, publicKeyOf, sign } from '@camelid/crypto'
import { checkCoinSignatures, coinScripts, isSignedAll, signatureSlack } from './coin-signatures.ts'
import { coinSecret, fund, nodeSecret, pay } from './testing/fixtures.ts'

const { job, funding } = fund({}, [6_000_000n, 5_000_000_000n])
const payment = pay(funding, job)
const scripts = coinScripts(funding)

const withScriptSig = (scriptSig: Uint8Array): Transaction => ({
  ...payment,
  vin: payment.vin.map((input, index) => (index === 1 ? { ...input, scriptSig } : input)),
})

test('F shows the scripts of its coins, and F and P are signed for them', () => {
  assert.deepEqual(scripts, [p2pkhScript(hash160(publicKeyOf(coinSecret))), scripts[0]])
  checkCoinSignatures(funding, scripts)
  checkCoinSignatures(payment, scripts)
})

test('refused: no signature, a signature of F, of another key, of another type, and anything beside it', () => {
  const key = publicKeyOf(coinSecret)
  const typed = (type: number) =>
    concatBytes(pushData(Uint8Array.of(...encodeDer(sign(job.fundingOutpoint.txid, coinSecret)), type)), pushData(key))
  const good = payment.vin[1]?.scriptSig ?? new Uint8Array(0)
  const bad = {
    nothing: new Uint8Array(0),
    'of F': funding.vin[1]?.scriptSig ?? new Uint8Array(0),
    'of another key': signP2pkhInput(payment, 1, nodeSecret, publicKeyOf(nodeSecret)),
    'type NONE': typed(2),
    'type ALL|ANYONECANPAY': typed(0x81),
    'one byte more': concatBytes(good, Uint8Array.of(0)),
    'a long push': concatBytes(Uint8Array.of(0x4c), good),
  }
  for (const [what, scriptSig] of Object.entries(bad)) {
    assert.throws(() => checkCoinSignatures(withScriptSig(scriptSig), scripts), { code: 'BAD_SIGNATURE' }, what)
  }
  assert.throws(() => checkCoinSignatures(payment, scripts.slice(0, 1)), { code: 'BAD_SIGNATURE' })
})

test('only a spend by one key and one signature of type ALL counts as one', () => {
  assert.ok(payment.vin.every(({ scriptSig }) => isSignedAll(scriptSig)))
  assert.equal(isSignedAll(new Uint8Array(0)), false)
  assert.equal(isSignedAll(Uint8Array.of(1, 1)), false)
})

test('the slack is what shorter signatures than the longest have saved', () => {
  const lengths = payment.vin.map(({ scriptSig }) => scriptSig[0] ?? 0)
  assert.equal(
    signatureSlack(payment),
    lengths.reduce((sum, length) => sum + (72 - length), 0),
  )
})
