import { concatBytes } from '@camelid/crypto'
import { CodecError } from '../codec-error.ts'
import { base58CheckDecode, base58CheckEncode } from './base58.ts'

/** Bytes of h2 = RIPEMD-160(SHA-256(K)) (protocol: Keys, addresses). */
export const H2_BYTES = 20
const P2PKH_VERSION = 0x00

/** Bitcoin's P2PKH address of h2, 20 bytes. @throws CodecError BAD_LENGTH */
export function encodeAddress(h2: Uint8Array): string {
  if (h2.length !== H2_BYTES) {
    throw new CodecError('BAD_LENGTH', `An address is made of ${H2_BYTES} bytes, not ${h2.length}.`)
  }
  return base58CheckEncode(concatBytes(Uint8Array.of(P2PKH_VERSION), h2))
}

/** h2 of an address. @throws CodecError BAD_ADDRESS that says what is wrong with it */
export function decodeAddress(address: string): Uint8Array {
  const payload = decodePayload(address)
  if (payload[0] !== P2PKH_VERSION) {
    throw badAddress(`it has version ${payload[0]}, but addresses of this chain have version 0 and begin with "1"`)
  }
  if (payload.length !== 1 + H2_BYTES) {
    throw badAddress(`it holds ${payload.length - 1} bytes, not ${H2_BYTES}`)
  }
  return payload.slice(1)
}

function decodePayload(address: string): Uint8Array {
  try {
    return base58CheckDecode(address)
  } catch (cause) {
    if (cause instanceof CodecError) throw badAddress(cause.message, cause)
    throw cause
  }
}

function badAddress(what: string, cause?: CodecError): CodecError {
  const message = `Not an address of this chain: ${what}`
  return new CodecError('BAD_ADDRESS', message, cause === undefined ? {} : { cause })
}
