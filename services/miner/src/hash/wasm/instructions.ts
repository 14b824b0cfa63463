/**
 * The WebAssembly instructions that the search uses, as bytes
 * (WebAssembly core specification 2.0, §5.2.2 and §5.4; vector instructions §5.4.8).
 */
export type Code = readonly number[]

/** Unsigned LEB128 of an integer from 0 to 2³² − 1. */
export function unsigned(value: number): Code {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): Code {
  const bytes: number[] = []
  for (let rest = value | 0; ; rest >>= 7) {
    if (rest >= -0x40 && rest < 0x40) return [...bytes, rest & 0x7f]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)]
const ALIGN_16_BYTES = 4

export const END: Code = [0x0b]
export const RETURN: Code = [0x0f]
/** `loop` without a result: `br_if 0` inside goes back to it. */
export const LOOP: Code = [0x03, 0x40]
/** `if` without a result. */
export const IF: Code = [0x04, 0x40]
export const BR_IF_LOOP: Code = [0x0d, 0]

export const localGet = (index: number): Code => [0x20, ...unsigned(index)]
export const localSet = (index: number): Code => [0x21, ...unsigned(index)]
export const i32Const = (value: number): Code => [0x41, ...signed(value)]
export const I32_ADD: Code = [0x6a]
export const I32_LESS_UNSIGNED: Code = [0x49]

/** Loads 16 bytes from the address on the stack plus `offset`. */
export const v128Load = (offset: number): Code => [...vector(0), ALIGN_16_BYTES, ...unsigned(offset)]
/** Stores 16 bytes at the address on the stack plus `offset`. */
export const v128Store = (offset: number): Code => [...vector(11), ALIGN_16_BYTES, ...unsigned(offset)]
export const v128Const = (lanes: Int32Array): Code => [...vector(12), ...new Uint8Array(lanes.slice().buffer)]
export const V128_AND = vector(78)
export const V128_XOR = vector(81)
export const V128_ANY_TRUE = vector(83)
export const I32X4_SPLAT = vector(17)
export const I32X4_LESS_OR_EQUAL_UNSIGNED = vector(62)
export const I32X4_SHIFT_LEFT = vector(171)
export const I32X4_SHIFT_RIGHT_UNSIGNED = vector(173)
export const I32X4_ADD = vector(174)
/** Takes the same vector twice and reverses the bytes of each 32-bit lane. */
export const I8X16_SHUFFLE_SWAPPING: Code = [...vector(13), 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]
