import { compareBytes, hexToBytes } from '@camelid/crypto'

/** n, the order of secp256k1, big-endian. */
const ORDER = hexToBytes('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')

/**
 * r ‖ s of a signature in the loose encoding that Bitcoin read before strict DER was a rule: long lengths, padding and trailing bytes are
 * passed over. Null where not even that can be read; where r or s is not below the order both become zero, which no signature is and which
 * is not high. Consensus here is strict DER (protocol §3), for which this gives the same values; only vectors of older rules see the rest.
 */
export function parseLaxDer(der: Uint8Array): Uint8Array | null {
  if (der[0] !== 0x30) return null
  const body = afterLength(der, 1)
  if (body === null) return null
  const r = readInteger(der, body)
  if (r === null) return null
  const s = readInteger(der, r.next)
  if (s === null) return null
  const compact = new Uint8Array(64)
  if (r.digits.length > 32 || s.digits.length > 32) return compact
  compact.set(r.digits, 32 - r.digits.length)
  compact.set(s.digits, 64 - s.digits.length)
  return isBelowOrder(compact, 0) && isBelowOrder(compact, 32) ? compact : new Uint8Array(64)
}

/** Nearly every number is told by its first byte. */
function isBelowOrder(compact: Uint8Array, start: number): boolean {
  return compact[start] !== 0xff || compareBytes(compact.subarray(start, start + 32), ORDER) < 0
}

/** The offset behind the length byte(s) of a sequence; what it says is not believed, as in Bitcoin. */
function afterLength(der: Uint8Array, offset: number): number | null {
  const first = der[offset]
  if (first === undefined) return null
  const next = offset + 1 + ((first & 0x80) === 0 ? 0 : first - 0x80)
  return next > der.length ? null : next
}

function readInteger(der: Uint8Array, offset: number): { digits: Uint8Array; next: number } | null {
  const first = der[offset + 1]
  if (der[offset] !== 0x02 || first === undefined) return null
  let start = offset + 2
  let length = first
  if ((first & 0x80) !== 0) {
    const end = start + first - 0x80
    if (end > der.length) return null
    while (start < end && der[start] === 0) start++
    if (end - start >= 4) return null
    for (length = 0; start < end; start++) length = length * 256 + (der[start] ?? 0)
  }
  if (length > der.length - start) return null
  const next = start + length
  while (start < next && der[start] === 0) start++
  return { digits: der.subarray(start, next), next }
}
