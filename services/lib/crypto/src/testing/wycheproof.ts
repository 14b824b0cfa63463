import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { bytesToBigInt, concatBytes, hexToBytes } from '../bytes.ts'
import { CryptoError } from '../crypto-error.ts'
import { ORDER } from '../curve.ts'
import { decodeDer } from '../der.ts'
import { DIGEST_BYTES } from '../sign.ts'
import { verify } from '../verify.ts'
import { Tally } from './tally.ts'
import { readWycheproof, type WycheproofGroup, type WycheproofVector } from './wycheproof-file.ts'

/** As `verify`. */
export type Verify = (
  signature: Uint8Array,
  digest: Uint8Array,
  publicKey: Uint8Array,
  options?: { readonly lowS?: boolean },
) => boolean

/** Names of the hashes there and in node:crypto; of the two extendable ones no more than ECDSA takes is asked for. */
const HASHES: Readonly<Record<string, readonly [name: string, options?: { outputLength: number }]>> = {
  'SHA-1': ['sha1'],
  'SHA-224': ['sha224'],
  'SHA-256': ['sha256'],
  'SHA-384': ['sha384'],
  'SHA-512': ['sha512'],
  'SHA3-224': ['sha3-224'],
  'SHA3-256': ['sha3-256'],
  'SHA3-384': ['sha3-384'],
  'SHA3-512': ['sha3-512'],
  SHAKE128: ['shake128', { outputLength: DIGEST_BYTES }],
  SHAKE256: ['shake256', { outputLength: DIGEST_BYTES }],
}

/**
 * Judges the signatures of any ECDSA file of C2SP/wycheproof: DER, compact (P1363), or Bitcoin's low-S DER. High-S is refused on
 * this chain: a row that is valid only for one is judged without that rule, found refused with it, and counted as skipped.
 * `by` is the verifier that is judged, our own unless given. @throws VectorFileError
 */
export function judgeWycheproof(file: unknown, by: Verify = verify): Tally {
  const tally = new Tally()
  for (const group of readWycheproof(file)) {
    for (const vector of group.tests) {
      tally.row(`test ${vector.tcId} (${vector.comment})`, () => judgeVector(vector, group, by))
    }
  }
  return tally
}

function judgeVector(vector: WycheproofVector, group: WycheproofGroup, by: Verify): string | undefined {
  if (group.key.curve !== 'secp256k1') return `on the curve ${group.key.curve}`
  const signature = compactOf(group.type, hexToBytes(vector.sig))
  const digest = digestOf(group.sha, hexToBytes(vector.msg))
  const key = hexToBytes(group.key.uncompressed)
  const valid = signature !== undefined && by(signature, digest, key, { lowS: false })
  const validLowS = signature !== undefined && by(signature, digest, key)
  const highS = signature !== undefined && bytesToBigInt(signature.subarray(DIGEST_BYTES)) > ORDER / 2n
  assert.equal(validLowS, valid && !highS, `low-S ${validLowS}, without that rule ${valid}, s is high ${highS}`)

  if (vector.result === 'acceptable') return 'acceptable either way'
  const expected = vector.result === 'valid'
  if (group.type === 'EcdsaBitcoinVerify') assert.equal(validLowS, expected, `judged ${validLowS}, is ${vector.result}`)
  else assert.equal(valid, expected, `judged ${valid}, is ${vector.result}`)
  return expected && !validLowS ? 'valid only for a high S' : undefined
}

/** r ‖ s as far as it can be read; undefined where strict DER cannot. */
function compactOf(type: WycheproofGroup['type'], signature: Uint8Array): Uint8Array | undefined {
  if (type === 'EcdsaP1363Verify') return signature
  try {
    return decodeDer(signature, { lowS: false })
  } catch (error) {
    if (error instanceof CryptoError) return undefined
    throw error
  }
}

/** The hash as ECDSA takes it: the leftmost 256 bits, or a shorter one as the number it is. */
function digestOf(hash: string, message: Uint8Array): Uint8Array {
  const [name, options] = HASHES[hash] ?? []
  assert.ok(name !== undefined, `the hash ${hash} is not known`)
  const digest = new Uint8Array(createHash(name, options).update(message).digest())
  return concatBytes(new Uint8Array(Math.max(0, DIGEST_BYTES - digest.length)), digest).slice(0, DIGEST_BYTES)
}
