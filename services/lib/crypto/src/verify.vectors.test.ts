import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { bytesToBigInt, hexToBytes } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'
import { ORDER } from './curve.ts'
import { decodeDer } from './der.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'
import { sha256 } from './hash.ts'
import { readVectors, vectorFiles, vectorsMissing } from './testing/vectors.ts'
import { verify } from './verify.ts'

// C2SP/wycheproof testvectors_v1, any file of ECDSA on secp256k1 with SHA-256: compact, DER, or Bitcoin's low-S DER.
const fileSchema = z.object({
  schema: z.string().regex(/^ecdsa_(?:p1363_|bitcoin_)?verify_schema(?:_v\d)?\.json$/),
  numberOfTests: z.int().positive(),
  testGroups: z.array(
    z.object({
      publicKey: z.object({ uncompressed: z.string() }),
      sha: z.literal('SHA-256'),
      tests: z.array(
        z.object({
          tcId: z.int(),
          msg: z.string(),
          sig: z.string(),
          result: z.enum(['valid', 'invalid', 'acceptable']),
        }),
      ),
    }),
  ),
})

/** The compact form of a vector's signature; undefined where it is none. */
function compactOf(schema: string, signature: Uint8Array): Uint8Array | undefined {
  if (schema.includes('p1363')) return signature
  try {
    return decodeDer(signature, { lowS: false })
  } catch (error) {
    assert.ok(error instanceof CryptoError)
    return undefined
  }
}

type Judge = (signature: Uint8Array, digest: Uint8Array, key: Uint8Array, lowS: boolean) => boolean

const judges: readonly [string, Judge][] = [
  ['verify', (signature, digest, key, lowS) => verify(signature, digest, key, { lowS })],
  [
    'the reference',
    (signature, digest, key, lowS) => signature.length === 64 && nobleEcdsa.verify(signature, digest, key, lowS),
  ],
]

for (const [name, judge] of judges) {
  test(`${name}: every Wycheproof signature is judged as its file says, and high-S refused on top`, {
    skip: vectorsMissing(),
  }, () => {
    for (const file of vectorFiles('wycheproof', /^ecdsa_secp256k1_sha256_/)) judgeFile(file, judge)
  })
}

function judgeFile(name: string, judge: Judge): void {
  const file = fileSchema.parse(readVectors(name))
  let judged = 0
  for (const group of file.testGroups) {
    const key = hexToBytes(group.publicKey.uncompressed)
    for (const vector of group.tests) {
      const which = `${name}, test ${vector.tcId}`
      const signature = compactOf(file.schema, hexToBytes(vector.sig))
      const digest = sha256(hexToBytes(vector.msg))
      const valid = signature !== undefined && judge(signature, digest, key, false)
      const validLowS = signature !== undefined && judge(signature, digest, key, true)
      const highS = signature !== undefined && bytesToBigInt(signature.subarray(32)) > ORDER / 2n
      assert.equal(validLowS, valid && !highS, which)
      const accepted = file.schema.includes('bitcoin') ? validLowS : valid
      if (vector.result !== 'acceptable') assert.equal(accepted, vector.result === 'valid', which)
      judged++
    }
  }
  assert.equal(judged, file.numberOfTests, name)
}
