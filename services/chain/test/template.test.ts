import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeHeader, decodeTransaction, encodeTransaction, txid } from '@camelid/codec'
import { sigopsOf } from '@camelid/consensus'
import { bytesToHex, concatBytes } from '@camelid/crypto'
import { Branch, PAYEE, params, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { submitAll } from './submit.ts'

const FEE = 1_000n
const LONG_MS = 40_000

test('a template tells a builder all it needs, and a long poll is answered when there is another one', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(7)
  await submitAll(chain.client, branch.blocks)
  const coin = branch.reward(1)
  const pay = spend({ from: [coin], to: [toPayee(coin.value - FEE)] })
  const child = spend({ from: [{ outpoint: { txid: txid(pay), index: 0 } }], to: [toPayee(coin.value - 3n * FEE)] })
  for (const transaction of [pay, child])
    await chain.client.submitTransaction({ transaction: encodeTransaction(transaction) })

  const template = await chain.client.getBlockTemplate({ payoutH2: PAYEE, withDetails: true })
  const header = decodeHeader(template.header)
  const { version, bits, time } = template
  assert.deepEqual({ version, bits, time }, { version: header.version, bits: header.bits, time: header.time })
  assert.deepEqual(new Uint8Array(template.parentHash), branch.tip.hash)
  assert.equal(template.height, 8)
  assert.ok(template.minTime <= time && time <= template.maxTime)
  const { maxBlockBytes, maxBlockSigops } = params
  assert.deepEqual([template.maxBlockBytes, template.maxBlockSigops], [maxBlockBytes, maxBlockSigops])
  const coinbase = decodeTransaction(concatBytes(template.coinbasePrefix, new Uint8Array(8), template.coinbaseSuffix))
  assert.equal(coinbase.vout[0]?.value, template.coinbaseValue)
  assert.equal(template.fees, 3n * FEE)
  assert.deepEqual(
    template.details.map(({ txid: id, fee, depends }) => [bytesToHex(id), fee, depends]),
    [
      [bytesToHex(txid(pay)), FEE, []],
      [bytesToHex(txid(child)), 2n * FEE, [0]],
    ],
  )
  assert.equal(template.details[0]?.sigops, sigopsOf(pay, [null], params))

  // Of another time: answered at once.
  const other = await chain.client.getBlockTemplate({ payoutH2: PAYEE, longpollId: new Uint8Array(40) })
  assert.deepEqual(other.longpollId, template.longpollId)
  let answered = false
  const waiting = chain.client
    .getBlockTemplate({ payoutH2: PAYEE, longpollId: template.longpollId }, { timeoutMs: LONG_MS })
    .finally(() => {
      answered = true
    })
  await chain.client.getTip({})
  assert.equal(answered, false)
  await chain.client.submitBlock({ block: branch.add() })
  assert.equal((await waiting).height, 9)
})
