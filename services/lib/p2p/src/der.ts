/** As much DER (X.690) as a self-signed certificate needs. */
export function derNode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts)
  return Buffer.concat([Uint8Array.of(tag), derLength(content.length), content])
}

function derLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  if (length < 0x100) return Uint8Array.of(0x81, length)
  return Uint8Array.of(0x82, length >> 8, length & 0xff)
}

export const derSequence = (...parts: readonly Uint8Array[]): Uint8Array => derNode(0x30, ...parts)
export const derSet = (...parts: readonly Uint8Array[]): Uint8Array => derNode(0x31, ...parts)

/** A non-negative integer from big-endian bytes, without leading zeros but the one that keeps it positive. */
export function derInteger(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const trimmed = bytes.subarray(start)
  const negative = ((trimmed[0] ?? 0) & 0x80) !== 0
  return negative ? derNode(0x02, Uint8Array.of(0), trimmed) : derNode(0x02, trimmed)
}

/** An object identifier, from "2.5.4.3". */
export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let value = arc >>> 7; value > 0; value >>>= 7) groups.unshift((value & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return derNode(0x06, Uint8Array.from(bytes))
}

export const derUtf8 = (text: string): Uint8Array => derNode(0x0c, Buffer.from(text, 'utf8'))

/** A bit string of whole bytes. */
export const derBits = (bytes: Uint8Array): Uint8Array => derNode(0x03, Uint8Array.of(0), bytes)

/** GeneralizedTime, e.g. "20260101000000Z". */
export const derTime = (time: string): Uint8Array => derNode(0x18, Buffer.from(time, 'ascii'))
