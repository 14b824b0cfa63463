import { bigIntToBytes32, bytesToBigInt, utf8 } from './bytes.ts'
import { ORDER } from './curve.ts'
import { hmacSha256 } from './hash.ts'

/** HMAC-SHA-256(secret, label ‖ parts): 32 bytes that only the holder of `secret` can name, the same each time. */
export function deriveSecret(secret: Uint8Array, label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmacSha256(secret, utf8(label), ...parts)
}

/** As deriveSecret, brought into 1…n − 1, so that it is a valid private key; the bias is below 2^-127. */
export function deriveScalar(secret: Uint8Array, label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return bigIntToBytes32((bytesToBigInt(deriveSecret(secret, label, ...parts)) % (ORDER - 1n)) + 1n)
}

/** Salt of a job's output, so that a delivery is sent again byte for byte (protocol: Job, Encryption to the client). */
export function deliverySalt(nodeSecret: Uint8Array, jobId: Uint8Array): Uint8Array {
  return deriveSecret(nodeSecret, 'camelid/salt/v1', jobId)
}

/** e of a job's encryption, as repeatable as the salt (protocol: Job, Encryption to the client). */
export function deliveryEphemeral(nodeSecret: Uint8Array, jobId: Uint8Array): Uint8Array {
  return deriveScalar(nodeSecret, 'camelid/ephemeral/v1', jobId)
}
