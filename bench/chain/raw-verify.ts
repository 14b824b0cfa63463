import { createRequire } from 'node:module'
import { sha256, sign, utf8 } from '@camelid/crypto'
import { keyOf } from './purse.ts'

interface Bindings {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
}

/** The package is crypto's, so it is looked up from there. */
const load = createRequire(new URL('../../services/lib/crypto/src/index.ts', import.meta.url))

export interface SignedDigest {
  readonly digest: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
}

export function signedDigests(count: number): SignedDigest[] {
  return Array.from({ length: count }, (_, i) => {
    const { secret, publicKey } = keyOf(i)
    const digest = sha256(utf8(`digest ${i}`))
    return { digest, signature: sign(digest, secret), publicKey }
  })
}

/** Signatures a second of this thread's CPU time that libsecp256k1 checks, called bare. @throws Error where one does not hold */
export function rawVerify(signed: readonly SignedDigest[]): number {
  // The shape of the package's native part, asserted by the first check.
  const bindings = load('secp256k1/bindings.js') as Bindings
  const start = process.threadCpuUsage()
  for (const { signature, digest, publicKey } of signed) {
    if (!bindings.ecdsaVerify(signature, digest, publicKey)) throw new Error('libsecp256k1 refuses a good signature')
  }
  const { user, system } = process.threadCpuUsage(start)
  return (signed.length / (user + system)) * 1_000_000
}
