import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexToBytes } from '@camelid/crypto'
import { displayHash } from '../bytes/display-hash.ts'
import { asArray, asText } from '../testing/json.ts'
import { readVectors, vectorsMissing } from '../testing/vectors.ts'
import { decodeTransaction } from './decode-transaction.ts'
import { encodeTransaction, txid } from './encode-transaction.ts'

/** A transaction with a witness begins, after its version, with an empty list and a flag. */
const hasWitness = (bytes: Uint8Array) => bytes[4] === 0 && bytes[5] === 1

// A row is [[[prevout hash, index, script, …], …], transaction, flags]; shorter ones are remarks.
test("Bitcoin Core's valid transactions without witness are read in legacy mode and written again the same", {
  skip: vectorsMissing(),
}, () => {
  let read = 0
  for (const row of asArray(readVectors('bitcoin/tx_valid.json')).map(asArray)) {
    if (row.length < 3) continue
    const bytes = hexToBytes(asText(row[1]))
    if (hasWitness(bytes)) continue
    const transaction = decodeTransaction(bytes, 'legacy')
    assert.deepEqual(encodeTransaction(transaction, 'legacy'), bytes)
    const spent = new Set(transaction.vin.map((input) => `${displayHash(input.prevout.txid)}:${input.prevout.index}`))
    for (const prevout of asArray(row[0]).map(asArray)) {
      assert.ok(spent.has(`${asText(prevout[0])}:${Number(prevout[1]) >>> 0}`), `row ${read}`)
    }
    read++
  }
  assert.ok(read > 50)
})

test('a well-known transaction has its well-known id', () => {
  // The first payment ever made between two people, Bitcoin block 170.
  const bytes = hexToBytes(
    '0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d831cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac00000000',
  )
  const id = displayHash(txid(decodeTransaction(bytes, 'legacy'), 'legacy'))
  assert.equal(id, 'f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16')
})
