import { ScriptError } from './script-error.ts'

/**
 * A stack item as a number: little-endian, the top bit of the last byte is the sign. At most `maxBytes` long (4 in arithmetic, 5 for
 * lock times, so a double holds it exactly). Throws SCRIPTNUM where it is longer, or not minimal and `minimal` asks for that.
 */
export function decodeScriptNumber(bytes: Uint8Array, minimal: boolean, maxBytes = 4): number {
  if (bytes.length > maxBytes) {
    throw new ScriptError('SCRIPTNUM', `a number of ${bytes.length} bytes, at most ${maxBytes} allowed`)
  }
  if (minimal && !isMinimalScriptNumber(bytes)) {
    throw new ScriptError('SCRIPTNUM', 'a number with needless bytes', undefined, { policy: true })
  }
  let value = 0
  for (let i = bytes.length - 1; i >= 0; i--) {
    const byte = bytes[i] ?? 0
    // The sign bit of the last byte is no part of the magnitude. Multiplied, not shifted: 5 bytes are beyond 32 bits.
    value = value * 256 + (i === bytes.length - 1 ? byte & 0x7f : byte)
  }
  return ((bytes.at(-1) ?? 0) & 0x80) === 0 ? value : -value
}

/** Whether no shorter encoding of the same number exists (no negative zero either). */
export function isMinimalScriptNumber(bytes: Uint8Array): boolean {
  const last = bytes.at(-1)
  if (last === undefined || (last & 0x7f) !== 0) return true
  return ((bytes.at(-2) ?? 0) & 0x80) !== 0
}

/** The minimal encoding of a whole number within ±2^53; zero is no bytes. */
export function encodeScriptNumber(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = Math.abs(value); rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  const last = bytes.at(-1)
  if (last !== undefined) {
    if ((last & 0x80) !== 0) bytes.push(value < 0 ? 0x80 : 0)
    else if (value < 0) bytes[bytes.length - 1] = last | 0x80
  }
  return Uint8Array.from(bytes)
}

/** Whether a stack item counts as true: any bit set, but for the sign of a zero. */
export function castToBool(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (byte !== 0) return !(i === bytes.length - 1 && byte === 0x80)
  }
  return false
}
