import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { concatBytes, utf8 } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'
import { PUBLIC_KEY_BYTES, pointFromCompressed, scalarFromBytes } from './curve.ts'
import { hkdf } from './hash.ts'
import { publicKeyOf } from './keys.ts'

const INFO = utf8('camelid/ecies/v1')
const KEY_BYTES = 32
const TAG_BYTES = 16
// The key is used for one message alone, so the nonce need not differ.
const ZERO_NONCE = new Uint8Array(12)

/** Bytes by which a ciphertext is longer than its plaintext: E and the tag. */
export const ECIES_OVERHEAD = PUBLIC_KEY_BYTES + TAG_BYTES

/**
 * Encrypts a delivery to the client: E 33 ‖ ciphertext ‖ tag 16 (protocol: Job, Encryption to the client).
 * `ephemeralSecret` is e; the same e under another commitmentHash gives another key.
 * @throws CryptoError BAD_PUBLIC_KEY, BAD_PRIVATE_KEY
 */
export function eciesEncrypt(inputs: {
  plaintext: Uint8Array
  clientKey: Uint8Array
  commitmentHash: Uint8Array
  ephemeralSecret: Uint8Array
}): Uint8Array {
  const { plaintext, clientKey, commitmentHash } = inputs
  const ephemeralKey = publicKeyOf(inputs.ephemeralSecret)
  const shared = sharedPoint(inputs.ephemeralSecret, clientKey)
  const cipher = cipherOf({ shared, ephemeralKey, clientKey, commitmentHash })
  return concatBytes(ephemeralKey, cipher.encrypt(plaintext))
}

/** @throws CryptoError ECIES_FAILED, whatever is wrong with the ciphertext: nothing of it is given out. */
export function eciesDecrypt(inputs: {
  ciphertext: Uint8Array
  clientSecret: Uint8Array
  commitmentHash: Uint8Array
}): Uint8Array {
  const { ciphertext, commitmentHash } = inputs
  const clientKey = publicKeyOf(inputs.clientSecret)
  return failClosed(() => {
    const shared = sharedPoint(inputs.clientSecret, ephemeralKeyOf(ciphertext))
    return open({ ciphertext, shared, clientKey, commitmentHash })
  })
}

/**
 * Decrypts with the shared point that a client disclosed and proved, so that anyone can judge a delivery
 * (protocol: Disputes, NO_OUTPUT with evidence). Check the proof of equal logarithms first.
 * @throws CryptoError ECIES_FAILED
 */
export function eciesDecryptWithSharedPoint(inputs: {
  ciphertext: Uint8Array
  sharedPoint: Uint8Array
  clientKey: Uint8Array
  commitmentHash: Uint8Array
}): Uint8Array {
  const { ciphertext, sharedPoint: shared, clientKey, commitmentHash } = inputs
  return failClosed(() => {
    pointFromCompressed(ephemeralKeyOf(ciphertext))
    pointFromCompressed(shared)
    return open({ ciphertext, shared, clientKey, commitmentHash })
  })
}

/** The first 33 bytes of a ciphertext: E, not yet known to be a point. */
export function ephemeralKeyOf(ciphertext: Uint8Array): Uint8Array {
  return ciphertext.slice(0, PUBLIC_KEY_BYTES)
}

function open(inputs: {
  ciphertext: Uint8Array
  shared: Uint8Array
  clientKey: Uint8Array
  commitmentHash: Uint8Array
}): Uint8Array {
  const ephemeralKey = ephemeralKeyOf(inputs.ciphertext)
  const { shared, clientKey, commitmentHash } = inputs
  const cipher = cipherOf({ shared, ephemeralKey, clientKey, commitmentHash })
  return cipher.decrypt(inputs.ciphertext.subarray(PUBLIC_KEY_BYTES))
}

function sharedPoint(secret: Uint8Array, key: Uint8Array): Uint8Array {
  return pointFromCompressed(key).multiply(scalarFromBytes(secret)).toBytes(true)
}

function cipherOf(inputs: {
  shared: Uint8Array
  ephemeralKey: Uint8Array
  clientKey: Uint8Array
  commitmentHash: Uint8Array
}) {
  const key = hkdf({
    secret: inputs.shared,
    salt: inputs.commitmentHash,
    info: concatBytes(INFO, inputs.ephemeralKey, inputs.clientKey),
    length: KEY_BYTES,
  })
  return chacha20poly1305(key, ZERO_NONCE, inputs.commitmentHash)
}

function failClosed(decrypt: () => Uint8Array): Uint8Array {
  try {
    return decrypt()
  } catch (cause) {
    throw new CryptoError('ECIES_FAILED', 'The delivery cannot be decrypted: it is not for this key, or was altered.', {
      cause,
    })
  }
}
