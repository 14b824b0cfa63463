export {
  bigIntToBytes32,
  bytesToBigInt,
  bytesToHex,
  compareBytes,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8,
  utf8Decode,
} from './bytes.ts'
export { KeyStream } from './chacha/key-stream.ts'
export { CryptoError, type CryptoErrorCode } from './crypto-error.ts'
export { PRIVATE_KEY_BYTES, PUBLIC_KEY_BYTES } from './curve.ts'
export { decodeDer, encodeDer, isStrictDer } from './der.ts'
export { deliveryEphemeral, deliverySalt, deriveScalar, deriveSecret } from './derive-secret.ts'
export { ecdsaBackend } from './ecdsa.ts'
export {
  ECIES_OVERHEAD,
  eciesDecrypt,
  eciesDecryptWithSharedPoint,
  eciesEncrypt,
  ephemeralKeyOf,
} from './ecies.ts'
export { type EqualLogsProof, proveEqualLogs, verifyEqualLogs } from './equal-logs.ts'
export { hash160, hkdf, hmacSha256, ripemd160, sha256, sha256d } from './hash.ts'
export { generatePrivateKey, isPrivateKey, isPublicKey, publicKeyOf } from './keys.ts'
export { openKeystore, sealKeystore } from './keystore.ts'
export { DIGEST_BYTES, SIGNATURE_BYTES, sign } from './sign.ts'
export { SipHash } from './sip-hash.ts'
export { statementHash } from './statement-hash.ts'
export { verify } from './verify.ts'
