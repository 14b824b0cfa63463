import { concatBytes } from '@camelid/crypto'
import { OP } from './opcodes.ts'
import { encodeScriptNumber } from './script-number.ts'

/** The shortest instruction that pushes `bytes`: the only one that MINIMALDATA and the templates allow. */
export function pushData(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  if (length === 0) return Uint8Array.of(OP.FALSE)
  const first = bytes[0] ?? 0
  if (length === 1 && first >= 1 && first <= 16) return Uint8Array.of(OP.TRUE + first - 1)
  if (length === 1 && first === 0x81) return Uint8Array.of(OP.NEGATE_1)
  if (length < OP.PUSHDATA1) return concatBytes(Uint8Array.of(length), bytes)
  if (length <= 0xff) return concatBytes(Uint8Array.of(OP.PUSHDATA1, length), bytes)
  if (length <= 0xffff) return concatBytes(Uint8Array.of(OP.PUSHDATA2, length & 0xff, length >> 8), bytes)
  const header = new Uint8Array(5)
  header[0] = OP.PUSHDATA4
  new DataView(header.buffer).setUint32(1, length, true)
  return concatBytes(header, bytes)
}

/** The shortest instruction that pushes a whole number. */
export function pushNumber(value: number): Uint8Array {
  return pushData(encodeScriptNumber(value))
}
