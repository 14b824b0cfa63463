/**
 * r ‖ s of a signature in the loose encoding that Bitcoin read before strict DER was a rule: long lengths, padding and trailing bytes are
 * passed over. Null where not even that can be read; an integer of more than 32 bytes becomes zero, which no signature is.
 * Consensus here is strict DER (protocol §3), for which this gives the same values; only vectors of older rules see the difference.
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
  return compact
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
