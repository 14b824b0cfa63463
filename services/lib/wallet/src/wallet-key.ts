import { encodeAddress } from '@camelid/codec'
import { hash160, publicKeyOf } from '@camelid/crypto'

/** A key that coins can be paid to and spent by (protocol: Keys, addresses). */
export interface WalletKey {
  readonly privateKey: Uint8Array
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** RIPEMD-160(SHA-256(publicKey)), 20 bytes. */
  readonly h2: Uint8Array
  readonly address: string
}

/** @throws CryptoError BAD_PRIVATE_KEY */
export function walletKey(privateKey: Uint8Array): WalletKey {
  const publicKey = publicKeyOf(privateKey)
  const h2 = hash160(publicKey)
  return { privateKey, publicKey, h2, address: encodeAddress(h2) }
}
