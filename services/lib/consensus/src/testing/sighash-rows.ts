import assert from 'node:assert/strict'
import { decodeTransaction, displayHash } from '@camelid/codec'
import { hexToBytes } from '@camelid/crypto'
import { asInteger, asText } from '@camelid/crypto/testing/json'
import { Tally } from '@camelid/crypto/testing/tally'
import { signatureHash } from '../script/signature-hash.ts'
import { coreRows } from './core-rows.ts'

/**
 * sighash.json of Bitcoin Core, after its heading: [transaction, script, input, hash type (signed, 32 bits), digest as shown],
 * the first two in hex. @throws VectorFileError
 */
export function judgeSignatureHashes(file: unknown): Tally {
  const tally = new Tally()
  for (const { name, cells } of coreRows(file)) tally.row(name, () => judgeRow(cells))
  return tally
}

function judgeRow([transaction, script, index, hashType, expected]: readonly unknown[]): undefined {
  const tx = decodeTransaction(hexToBytes(asText(transaction)), 'legacy')
  // Where it is written unsigned, its bits are the same.
  const type = asInteger(hashType) | 0
  const digest = displayHash(signatureHash(tx, asInteger(index), hexToBytes(asText(script)), type, 'legacy'))
  assert.equal(digest, asText(expected), `input ${asInteger(index)}, type ${type}: ${digest}, not ${asText(expected)}`)
}
