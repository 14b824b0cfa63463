import { bigIntToBytes32, bytesToBigInt, concatBytes } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'
import { ORDER } from './curve.ts'
import { SIGNATURE_BYTES } from './sign.ts'

// A compound of two integers: 30 <length> 02 <length> r 02 <length> s. BIP66, without the hash type byte that Bitcoin's
// encoding counts in: the bounds here are one byte lower than the BIP's.
const COMPOUND = 0x30
const INTEGER = 0x02
const MIN_DER_BYTES = 8
const MAX_DER_BYTES = 72
const HALF_ORDER = ORDER / 2n

/** Strict DER of a compact signature r ‖ s. @throws CryptoError BAD_LENGTH unless it has 64 bytes. */
export function encodeDer(compact: Uint8Array): Uint8Array {
  if (compact.length !== SIGNATURE_BYTES) {
    throw new CryptoError('BAD_LENGTH', `A compact signature has ${SIGNATURE_BYTES} bytes, not ${compact.length}.`)
  }
  const body = concatBytes(encodeInteger(compact.subarray(0, 32)), encodeInteger(compact.subarray(32)))
  return concatBytes(Uint8Array.of(COMPOUND, body.length), body)
}

/**
 * Whether `der` is strict DER as BIP66 has it, without a hash type byte. Says nothing of the values: an integer may
 * still be above the order of the curve.
 */
export function isStrictDer(der: Uint8Array): boolean {
  if (der.length < MIN_DER_BYTES || der.length > MAX_DER_BYTES) return false
  if (der[0] !== COMPOUND || der[1] !== der.length - 2) return false
  const rLength = der[3] ?? 0
  const sLength = der[rLength + 5] ?? 0
  if (rLength + sLength + 6 !== der.length) return false
  return isInteger(der, 2) && isInteger(der, rLength + 4)
}

/**
 * The compact form r ‖ s of a strict DER signature (protocol: Script).
 * @throws CryptoError BAD_DER where the encoding is not strict, SIGNATURE_OUT_OF_RANGE where r or s is not between 1 and
 *   n − 1 (well encoded, yet nobody's signature), HIGH_S where s is above n / 2 unless `lowS` is false
 */
export function decodeDer(der: Uint8Array, options: { lowS?: boolean } = {}): Uint8Array {
  const parts = splitDer(der)
  if (parts === undefined) throw new CryptoError('BAD_DER', 'The signature is not strict DER (BIP66).')
  const r = bytesToBigInt(parts.r)
  const s = bytesToBigInt(parts.s)
  if (r === 0n || s === 0n || r >= ORDER || s >= ORDER) {
    throw new CryptoError(
      'SIGNATURE_OUT_OF_RANGE',
      'r or s of the signature is zero or not below the order of the curve.',
    )
  }
  if ((options.lowS ?? true) && s > HALF_ORDER) {
    throw new CryptoError('HIGH_S', 's of the signature is above half the order of the curve.')
  }
  return concatBytes(bigIntToBytes32(r), bigIntToBytes32(s))
}

function splitDer(der: Uint8Array): { r: Uint8Array; s: Uint8Array } | undefined {
  if (!isStrictDer(der)) return undefined
  const sAt = 6 + (der[3] ?? 0)
  return { r: der.subarray(4, sAt - 2), s: der.subarray(sAt) }
}

/** Whether tag, length and digits of an integer begin here: not empty, positive, without a needless leading zero. The bytes are there. */
function isInteger(der: Uint8Array, offset: number): boolean {
  const length = der[offset + 1] ?? 0
  const first = der[offset + 2] ?? 0
  if (der[offset] !== INTEGER || length === 0 || (first & 0x80) !== 0) return false
  return first !== 0 || length === 1 || ((der[offset + 3] ?? 0) & 0x80) !== 0
}

function encodeInteger(fixed: Uint8Array): Uint8Array {
  let start = 0
  while (start < fixed.length - 1 && fixed[start] === 0) start++
  const digits = fixed.subarray(start)
  // A set top bit would read as a negative number.
  const padding = ((digits[0] ?? 0) & 0x80) === 0 ? new Uint8Array(0) : Uint8Array.of(0)
  return concatBytes(Uint8Array.of(INTEGER, padding.length + digits.length), padding, digits)
}
