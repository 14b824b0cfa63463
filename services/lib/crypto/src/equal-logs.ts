import { bigIntToBytes32, bytesToBigInt, concatBytes, equalBytes } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'
import { type CurvePoint, ORDER, Point, pointFromCompressed, scalarFromBytes } from './curve.ts'
import { deriveScalar } from './derive-secret.ts'
import { statementHash } from './statement-hash.ts'

/** Proof that Z = k·E for the k behind a client's key (protocol: Disputes, Equal logarithms). */
export interface EqualLogsProof {
  /** E of the delivery's ciphertext, 33 bytes. */
  readonly ephemeralKey: Uint8Array
  /** Z = k·E, 33 bytes. */
  readonly sharedPoint: Uint8Array
  /** c, 32 bytes big-endian, below n. */
  readonly challenge: Uint8Array
  /** s = r + c·k mod n, 32 bytes big-endian. */
  readonly response: Uint8Array
}

/**
 * Discloses Z for one delivery and proves it, without giving away the client's secret.
 * r is derived from the secret and E, so that no bad random source can leak the key.
 * @throws CryptoError BAD_PRIVATE_KEY, BAD_PUBLIC_KEY where E is no point
 */
export function proveEqualLogs(inputs: { clientSecret: Uint8Array; ephemeralKey: Uint8Array }): EqualLogsProof {
  const secret = scalarFromBytes(inputs.clientSecret)
  const ephemeral = pointFromCompressed(inputs.ephemeralKey)
  const clientKey = Point.BASE.multiply(secret)
  const shared = ephemeral.multiply(secret)
  const r = scalarFromBytes(deriveScalar(inputs.clientSecret, 'camelid/dleq-nonce/v1', inputs.ephemeralKey))
  const c = challenge([clientKey, ephemeral, shared, Point.BASE.multiply(r), ephemeral.multiply(r)])
  return {
    ephemeralKey: inputs.ephemeralKey,
    sharedPoint: shared.toBytes(true),
    challenge: bigIntToBytes32(c),
    response: bigIntToBytes32((r + c * secret) % ORDER),
  }
}

/** Whether the proof holds for `clientKey`; bytes that are no points or scalars make it false, never a throw. */
export function verifyEqualLogs(clientKey: Uint8Array, proof: EqualLogsProof): boolean {
  try {
    const key = pointFromCompressed(clientKey)
    const ephemeral = pointFromCompressed(proof.ephemeralKey)
    const shared = pointFromCompressed(proof.sharedPoint)
    const c = proofScalar(proof.challenge)
    const s = proofScalar(proof.response)
    const rG = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(c))
    const rE = ephemeral.multiplyUnsafe(s).subtract(shared.multiplyUnsafe(c))
    if (rG.is0() || rE.is0()) return false
    return equalBytes(bigIntToBytes32(challenge([key, ephemeral, shared, rG, rE])), proof.challenge)
  } catch {
    return false
  }
}

function challenge(points: readonly CurvePoint[]): bigint {
  const fields = points.map((point) => point.toBytes(true))
  return bytesToBigInt(statementHash('camelid/dleq/v1', concatBytes(...fields))) % ORDER
}

function proofScalar(bytes: Uint8Array): bigint {
  const value = bytesToBigInt(bytes)
  if (bytes.length !== 32 || value >= ORDER) {
    throw new CryptoError('BAD_LENGTH', 'A scalar of the proof is not 32 bytes below the order of the curve.')
  }
  return value
}
