/** Blocks computed side by side, one in each 32-bit lane of a vector. */
export const LANES = 4
/** Words of a ChaCha20 state and of a block of its key stream. */
export const STATE_WORDS = 16
/** The state's bytes at address 0; groups of four blocks follow. */
const STATE_BYTES = 64
/** log2 of a group's bytes. */
const GROUP_SHIFT = 8

/** Locals: two parameters, a counter, then x0…x15 of the state. */
const GROUP = 0
const END = 1
const ROUND = 2
const X0 = 3

const DOUBLE_ROUNDS = 10
const WORDS: readonly number[] = Array.from({ length: STATE_WORDS }, (_, i) => i)
const COLUMNS = [0, 1, 2, 3]

const I32 = 0x7f
const V128 = 0x7b
const END_OF_BLOCK = 0x0b
const I32_SUB = 0x6b
const I32_ADD = 0x6a
const I32_SHL = 0x74
const I32_LT_U = 0x49
const ADD = simd(0xae)
const XOR = simd(0x51)
const OR = simd(0x50)
const SHIFT_LEFT = simd(0xab)
const SHIFT_RIGHT = simd(0xad)
const SPLAT = simd(0x11)

/**
 * A WebAssembly module that exports `memory` and `fill(group: u32, end: u32)`, which writes the groups from `group` up to
 * `end` of the key stream of the ChaCha20 state (RFC 8439 §2.3) at address 0, whose counter must be zero. A group is four
 * blocks, word by word: word i of block b in group g is the u32 at 64 + 256·g + 16·i + 4·b. Assembled here, because a
 * vocabulary's noise at each position is too much for JavaScript, which has no vectors: six times as fast.
 */
export function assembleChacha(): Uint8Array {
  const body = [
    ...list([
      [1, I32],
      [STATE_WORDS, V128],
    ]),
    ...repeat([
      ...WORDS.flatMap((i) => [...initialWord(i), ...set(X0 + i)]),
      ...number(DOUBLE_ROUNDS),
      ...set(ROUND),
      ...repeat([...doubleRound(), ...get(ROUND), ...number(1), I32_SUB, ...tee(ROUND), ...ifSoAgain()]),
      ...WORDS.flatMap((i) => [...groupAddress(), ...get(X0 + i), ...initialWord(i), ...ADD, ...store(i)]),
      ...get(GROUP),
      ...number(1),
      I32_ADD,
      ...tee(GROUP),
      ...get(END),
      I32_LT_U,
      ...ifSoAgain(),
    ]),
    END_OF_BLOCK,
  ]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, 2, I32, I32, 0]])),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, list([exported('memory', 2), exported('fill', 0)])),
    ...section(10, list([[...unsigned(body.length), ...body]])),
  ])
}

function doubleRound(): number[] {
  const diagonal = (i: number, by: number): number => (i + by) % COLUMNS.length
  return [
    ...COLUMNS.flatMap((i) => quarterRound(i, 4 + i, 8 + i, 12 + i)),
    ...COLUMNS.flatMap((i) => quarterRound(i, 4 + diagonal(i, 1), 8 + diagonal(i, 2), 12 + diagonal(i, 3))),
  ]
}

/** RFC 8439 §2.1. */
function quarterRound(a: number, b: number, c: number, d: number): number[] {
  return [...mix(a, b, d, 16), ...mix(c, d, b, 12), ...mix(a, b, d, 8), ...mix(c, d, b, 7)]
}

/** a += b; d ^= a; d <<<= bits. */
function mix(a: number, b: number, d: number, bits: number): number[] {
  return [
    ...get(X0 + a),
    ...get(X0 + b),
    ...ADD,
    ...tee(X0 + a),
    ...get(X0 + d),
    ...XOR,
    ...set(X0 + d),
    ...rotate(X0 + d, bits),
    ...set(X0 + d),
  ]
}

/** By whole bytes in one instruction. */
function rotate(local: number, bits: number): number[] {
  if (bits % 8 === 0) {
    const from = Array.from({ length: 16 }, (_, i) => (i & ~3) | ((i - bits / 8) & 3))
    return [...get(local), ...get(local), ...simd(0x0d, ...from)]
  }
  return [...get(local), ...number(bits), ...SHIFT_LEFT, ...get(local), ...number(32 - bits), ...SHIFT_RIGHT, ...OR]
}

/** Word i of the states of a group's blocks: the same in all, but for the counter. */
function initialWord(i: number): number[] {
  const word = [...number(0), ...simd(0x09, 2, ...unsigned(4 * i))]
  if (i !== 12) return word
  const lanes = Array.from({ length: LANES }, (_, lane) => [lane, 0, 0, 0]).flat()
  return [
    ...word,
    ...get(GROUP),
    ...number(Math.log2(LANES)),
    I32_SHL,
    ...SPLAT,
    ...ADD,
    ...simd(0x0c, ...lanes),
    ...ADD,
  ]
}

function groupAddress(): number[] {
  return [...get(GROUP), ...number(GROUP_SHIFT), I32_SHL]
}

function store(word: number): number[] {
  return simd(0x0b, 4, ...unsigned(STATE_BYTES + 16 * word))
}

/** A loop, taken again where `ifSoAgain` finds a number other than zero. */
function repeat(body: readonly number[]): number[] {
  return [0x03, 0x40, ...body, END_OF_BLOCK]
}

function ifSoAgain(): number[] {
  return [0x0d, 0]
}

function get(local: number): number[] {
  return [0x20, local]
}

function set(local: number): number[] {
  return [0x21, local]
}

function tee(local: number): number[] {
  return [0x22, local]
}

/** i32.const of a number below 64, which one byte of signed LEB128 holds. */
function number(value: number): number[] {
  return [0x41, value]
}

function simd(instruction: number, ...operands: number[]): number[] {
  return [0xfd, ...unsigned(instruction), ...operands]
}

function exported(name: string, kind: number): number[] {
  return [name.length, ...new TextEncoder().encode(name), kind, 0]
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()]
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}
