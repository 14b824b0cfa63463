import assert from 'node:assert/strict'
import { decodeDer, encodeDer, hexToBytes } from '@camelid/crypto'
import { asArray, asText } from '@camelid/crypto/testing/json'
import { refusalOf } from '@camelid/crypto/testing/refusal'
import { Tally } from '@camelid/crypto/testing/tally'
import { ScriptFlag } from '../script/flags.ts'
import { checkSignatureEncoding } from '../script/signature-encoding.ts'

const HEX = /^(?:[0-9a-fA-F]{2})+$/

/**
 * sig_canonical.json of Bitcoin Core: signatures in hex with their hash type, each of which is well encoded, and written again the
 * same where it is one of the group. @throws VectorFileError
 */
export function judgeCanonicalSignatures(file: unknown): Tally {
  const tally = new Tally()
  for (const [i, line] of asArray(file).entries()) {
    tally.row(`row ${i + 1}`, () => {
      const signature = hexToBytes(asText(line))
      const refusal = refusalOfEncoding(signature)
      assert.equal(refusal, undefined, `${asText(line)} is refused as ${refusal}`)
      const der = signature.subarray(0, -1)
      let again: Uint8Array | undefined
      const outside = refusalOf(() => {
        again = encodeDer(decodeDer(der, { lowS: false }))
      })
      // The first rows hold r or s of zero, which no signature has.
      if (outside !== 'SIGNATURE_OUT_OF_RANGE')
        assert.deepEqual(again, der, `${asText(line)} is not written again the same`)
      return undefined
    })
  }
  return tally
}

/** sig_noncanonical.json: signatures none of which is well encoded; what is not hex is the remark for those that follow. @throws VectorFileError */
export function judgeNonCanonicalSignatures(file: unknown): Tally {
  const tally = new Tally()
  let remark = ''
  for (const [i, line] of asArray(file).map(asText).entries()) {
    if (!HEX.test(line)) {
      remark = line
      continue
    }
    tally.row(`row ${i + 1} (${remark})`, () => {
      assert.ok(refusalOfEncoding(hexToBytes(line)) !== undefined, `${line} is taken for well encoded`)
      return undefined
    })
  }
  return tally
}

/** Strict DER and a known hash type; of low-S these files know nothing. */
function refusalOfEncoding(signature: Uint8Array): string | undefined {
  return refusalOf(() => checkSignatureEncoding(signature, ScriptFlag.STRICTENC))
}
