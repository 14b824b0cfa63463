import { createRequire } from 'node:module'
import { ecdsaBackend, sha256, sign, utf8 } from '@camelid/crypto'
import { openSystemLibrary } from '@camelid/crypto/testing/system-library'
import { fetchedNote } from './fetch-library.ts'
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

/** A libsecp256k1 with nothing of ours around it. */
export interface BareLibrary {
  readonly name: string
  /** Signatures a second of this thread's CPU time. @throws Error where one does not hold */
  readonly verify: (signed: readonly SignedDigest[]) => number
}

export function signedDigests(count: number): SignedDigest[] {
  return Array.from({ length: count }, (_, i) => {
    const { secret, publicKey } = keyOf(i)
    const digest = sha256(utf8(`digest ${i}`))
    return { digest, signature: sign(digest, secret), publicKey }
  })
}

/** The build that npm's secp256k1 brings. */
export function bundledLibrary(): BareLibrary {
  // The shape of the package's native part, asserted by the first check.
  const bindings = load('secp256k1/bindings.js') as Bindings
  const holds: Holds = ({ signature, digest, publicKey }) => bindings.ecdsaVerify(signature, digest, publicKey)
  return { name: 'libsecp256k1 of npm secp256k1', verify: (signed) => rate(signed, holds) }
}

/** The one by which the node checks signatures on this machine. */
export async function libraryInUse(): Promise<BareLibrary> {
  const library = ecdsaBackend === 'libsecp256k1-system' ? await openSystemLibrary() : undefined
  if (library === undefined) return bundledLibrary()
  const { call, context, name } = library
  const parseKey = call('int secp256k1_ec_pubkey_parse(uintptr_t c, uint8_t *parsed, uint8_t *key, size_t length)')
  const parse = call('int secp256k1_ecdsa_signature_parse_compact(uintptr_t c, uint8_t *parsed, uint8_t *compact)')
  const verify = call('int secp256k1_ecdsa_verify(uintptr_t c, uint8_t *signature, uint8_t *digest, uint8_t *key)')
  const [key, parsed] = [new Uint8Array(64), new Uint8Array(64)]
  const holds: Holds = ({ signature, digest, publicKey }) =>
    parseKey(context, key, publicKey, publicKey.length) === 1 &&
    parse(context, parsed, signature) === 1 &&
    verify(context, parsed, digest, key) === 1
  return { name: `${name}${fetchedNote()}`, verify: (signed) => rate(signed, holds) }
}

type Holds = (one: SignedDigest) => boolean

function rate(signed: readonly SignedDigest[], holds: Holds): number {
  const start = process.threadCpuUsage()
  for (const one of signed) if (!holds(one)) throw new Error('libsecp256k1 refuses a good signature')
  const { user, system } = process.threadCpuUsage(start)
  return (signed.length / (user + system)) * 1_000_000
}
