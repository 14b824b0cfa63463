/**
 * The WebAssembly instructions that are used here, as bytes
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
const ALIGN_4_BYTES = 2
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
/** Sets it and leaves the value on the stack. */
export const localTee = (index: number): Code => [0x22, ...unsigned(index)]
export const i32Const = (value: number): Code => [0x41, ...signed(value)]
export const I32_ADD: Code = [0x6a]
export const I32_SUB: Code = [0x6b]
export const I32_SHIFT_LEFT: Code = [0x74]
export const I32_LESS_UNSIGNED: Code = [0x49]

/** Loads 16 bytes from the address on the stack plus `offset`. */
export const v128Load = (offset: number): Code => [...vector(0), ALIGN_16_BYTES, ...unsigned(offset)]
/** Loads the four bytes there into each 32-bit lane. */
export const v128Load32Splat = (offset: number): Code => [...vector(9), ALIGN_4_BYTES, ...unsigned(offset)]
/** Stores 16 bytes at the address on the stack plus `offset`. */
export const v128Store = (offset: number): Code => [...vector(11), ALIGN_16_BYTES, ...unsigned(offset)]
export const v128Const = (lanes: Int32Array): Code => [...vector(12), ...new Uint8Array(lanes.slice().buffer)]
export const V128_AND = vector(78)
export const V128_OR = vector(80)
export const V128_XOR = vector(81)
export const V128_ANY_TRUE = vector(83)
export const I32X4_SPLAT = vector(17)
export const I32X4_LESS_OR_EQUAL_UNSIGNED = vector(62)
export const I32X4_GREATER_OR_EQUAL_UNSIGNED = vector(64)
export const I32X4_SHIFT_LEFT = vector(171)
export const I32X4_SHIFT_RIGHT_UNSIGNED = vector(173)
export const I32X4_ADD = vector(174)
/** The first where it is no less than the second, which includes that either is no number. */
export const F32X4_PSEUDO_MAX = vector(235)

/** Makes a vector of bytes of the two on the stack, by their numbers: 0 to 31. */
export const i8x16Shuffle = (bytes: readonly number[]): Code => [...vector(13), ...bytes]
/** The same by 32-bit lanes: 0 to 7. */
export const i32x4Shuffle = (lanes: readonly number[]): Code =>
  i8x16Shuffle(lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)))
/** Takes the same vector twice and reverses the bytes of each 32-bit lane. */
export const I8X16_SHUFFLE_SWAPPING = i8x16Shuffle([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12])
