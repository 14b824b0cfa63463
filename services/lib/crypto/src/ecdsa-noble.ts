import { curve, PUBLIC_KEY_BYTES } from './curve.ts'
import type { Ecdsa } from './ecdsa.ts'

/** The reference: audited JavaScript, for machines without a native build and as the oracle of the native one. */
export const nobleEcdsa: Ecdsa = {
  name: 'noble',
  verify(signature, digest, publicKey, lowS) {
    const key = plainForm(publicKey)
    if (key === undefined) return false
    try {
      return curve.verify(signature, digest, key, { prehash: false, lowS, format: 'compact' })
    } catch {
      return false
    }
  },
  sign: (digest, privateKey) => curve.sign(digest, privateKey, { prehash: false, lowS: true, format: 'compact' }),
  publicKeyOf: (privateKey) => curve.getPublicKey(privateKey, true),
  isPublicKey: (key) => curve.utils.isValidPublicKey(key, true),
}

/** The hybrid form repeats the parity of y in its first byte; it is refused where that is untrue, as libsecp256k1 does. */
function plainForm(key: Uint8Array): Uint8Array | undefined {
  if (key.length === PUBLIC_KEY_BYTES) return key
  const prefix = key[0] ?? 0
  if (prefix === 4) return key
  const parity = (key.at(-1) ?? 0) & 1
  if (prefix !== 6 + parity) return undefined
  const plain = key.slice()
  plain[0] = 4
  return plain
}
