import assert from 'node:assert/strict'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { asArray, asText } from '@camelid/crypto/testing/json'
import { Tally } from '@camelid/crypto/testing/tally'
import { base58Decode, base58Encode } from '../address/base58.ts'

/** base58_encode_decode.json of Bitcoin Core: rows of bytes in hex (of either case) and their base58, judged both ways. @throws VectorFileError */
export function judgeBase58(file: unknown): Tally {
  const tally = new Tally()
  for (const [i, row] of asArray(file).entries()) tally.row(`row ${i + 1}`, () => judgeRow(asArray(row)))
  return tally
}

function judgeRow([hex, text]: readonly unknown[]): undefined {
  const bytes = hexToBytes(asText(hex))
  const encoded = base58Encode(bytes)
  assert.equal(encoded, asText(text), `${asText(hex)} became ${encoded}, not ${asText(text)}`)
  const decoded = bytesToHex(base58Decode(asText(text)))
  assert.equal(decoded, bytesToHex(bytes), `${asText(text)} became ${decoded}, not ${asText(hex)}`)
}
