import type { Ecdsa } from './ecdsa.ts'
import { answersRight } from './ecdsa-known-answer.ts'
import { openSystemLibrary, type SystemLibrary } from './system-library.ts'

const DIGEST_BYTES = 32
const SIGNATURE_BYTES = 64
const MAX_KEY_BYTES = 65
/** Where in this thread's block of memory the library reads and writes. */
const AT = { parsedKey: 0, parsedSignature: 64, signature: 128, digest: 192, key: 224 }
const MEMORY_BYTES = AT.key + MAX_KEY_BYTES

/**
 * The libsecp256k1 of this machine, whose inverses are faster than those of the one that we bring: checks by it, all that takes a secret
 * by `signer`. Undefined where there is none, or where it answers wrongly.
 */
export async function loadSystemEcdsa(signer: Ecdsa, names?: readonly string[]): Promise<Ecdsa | undefined> {
  const library = await openSystemLibrary(names)
  if (library === undefined) return undefined
  try {
    const system: Ecdsa = { ...signer, name: 'libsecp256k1-system', verify: verifyBy(library) }
    return answersRight(system) ? system : undefined
  } catch {
    return undefined
  }
}

/** It ends the process where an argument is none that a parser of its own gave, so nothing is checked but what both have read. */
function verifyBy({ call, context, addressOf }: SystemLibrary): Ecdsa['verify'] {
  type Call = (context: number, ...addresses: number[]) => number
  const at = 'uintptr_t'
  const parseKey: Call = call(`int secp256k1_ec_pubkey_parse(${at} c, ${at} parsed, ${at} key, size_t length)`)
  const parseSignature: Call = call(`int secp256k1_ecdsa_signature_parse_compact(${at} c, ${at} parsed, ${at} compact)`)
  const normalize: Call = call(`int secp256k1_ecdsa_signature_normalize(${at} c, ${at} normal, ${at} parsed)`)
  const verify: Call = call(`int secp256k1_ecdsa_verify(${at} c, ${at} signature, ${at} digest, ${at} key)`)
  // Bytes are copied here, which costs less than to have V8 tell where they lie.
  const memory = new Uint8Array(MEMORY_BYTES)
  const start = addressOf(memory)
  const [parsedKey, parsedSignature] = [start + AT.parsedKey, start + AT.parsedSignature]
  const [signatureAt, digestAt, keyAt] = [start + AT.signature, start + AT.digest, start + AT.key]
  return (signature, digest, publicKey, lowS) => {
    // C reads as many bytes as it expects.
    if (signature.length !== SIGNATURE_BYTES || digest.length !== DIGEST_BYTES) return false
    if (publicKey.length > MAX_KEY_BYTES) return false
    memory.set(publicKey, AT.key)
    if (parseKey(context, parsedKey, keyAt, publicKey.length) !== 1) return false
    memory.set(signature, AT.signature)
    if (parseSignature(context, parsedSignature, signatureAt) !== 1) return false
    // It knows low-S alone.
    if (!lowS) normalize(context, parsedSignature, parsedSignature)
    memory.set(digest, AT.digest)
    return verify(context, parsedSignature, digestAt, parsedKey) === 1
  }
}
