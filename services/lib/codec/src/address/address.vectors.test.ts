import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { asArray, asRecord, asText } from '../testing/json.ts'
import { readVectors, vectorsMissing } from '../testing/vectors.ts'
import { decodeAddress, encodeAddress } from './address.ts'
import { base58Decode, base58Encode } from './base58.ts'

const skip = vectorsMissing()

test('base58 agrees with Bitcoin Core both ways', { skip }, () => {
  for (const row of asArray(readVectors('bitcoin/base58_encode_decode.json'))) {
    const [hex, text] = asArray(row).map(asText)
    assert.equal(base58Encode(hexToBytes(hex ?? '')), text)
    assert.equal(bytesToHex(base58Decode(text ?? '')), hex)
  }
})

test("addresses are Bitcoin Core's P2PKH addresses of its main network, and its other keys are none", { skip }, () => {
  let ours = 0
  for (const row of asArray(readVectors('bitcoin/base58_keys_valid.json'))) {
    const [text, payload, kind] = asArray(row)
    const { addrType, isTestnet } = asRecord(kind)
    const address = asText(text)
    if (addrType === 'pubkey' && isTestnet === false) {
      assert.equal(encodeAddress(hexToBytes(asText(payload))), address)
      assert.equal(bytesToHex(decodeAddress(address)), payload)
      ours++
    } else {
      assert.throws(() => decodeAddress(address), { code: 'BAD_ADDRESS' }, address)
    }
  }
  assert.ok(ours > 0)
})
