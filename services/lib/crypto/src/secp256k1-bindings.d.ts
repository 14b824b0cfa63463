/** As much of npm secp256k1's native bindings as is used. Its functions throw where bytes have a form they cannot read. */
declare module 'secp256k1/bindings.js' {
  export interface Bindings {
    contextRandomize(seed: Uint8Array): void
    /** Compressed unless told otherwise. */
    publicKeyCreate(privateKey: Uint8Array): Uint8Array
    publicKeyVerify(publicKey: Uint8Array): boolean
    /** Changes and returns what it is given. */
    signatureNormalize(signature: Uint8Array): Uint8Array
    ecdsaSign(digest: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; recid: number }
    /** False for a high s. */
    ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
  }
  const bindings: Bindings
  export default bindings
}
