import type { Code, WasmFunction } from '@camelid/wasm'
import * as wasm from '@camelid/wasm'

/** Words of a ChaCha20 state and of a block of its key stream. */
export const STATE_WORDS = 16
/** Blocks computed side by side, one in each 32-bit lane of a vector. */
export const LANES = 4
/** The state's bytes at address 0; the blocks follow. */
export const STATE_BYTES = 4 * STATE_WORDS
/** log2 of the bytes of a group of blocks. */
const GROUP_SHIFT = 8
const VECTOR_BYTES = 16
/** u64 that `find` looks at together. */
export const LOOK = 4
const LOOK_BYTES = 8 * LOOK

const DOUBLE_ROUNDS = 10
const WORDS: readonly number[] = Array.from({ length: STATE_WORDS }, (_, i) => i)
const COLUMNS = [0, 1, 2, 3]

/**
 * A WebAssembly module with `memory`, in it a ChaCha20 state (RFC 8439 §2.3) at address 0, whose counter must be zero, and
 *
 * - `fill(group: u32, end: u32)`: writes the groups of four blocks from `group` up to `end` of its key stream, the first of them at STATE_BYTES;
 * - `find(from: u32, end: u32, lowest: u32): u32`: the address from `from` on of the first four u64 of which one has an upper half of at
 *   least `lowest`; `end` where there is none.
 *
 * A vocabulary's noise at each position is too much for JavaScript, which has no vectors: this is six times as fast.
 */
export function encodeKeyStream(): Uint8Array<ArrayBuffer> {
  return wasm.encodeModule({ functions: [fill(), find()] })
}

/** Locals of `fill`: its parameters, a counter, then x0…x15 of the state and room for four more. */
const GROUP = 0
const END = 1
const ROUND = 2
const X0 = 3
const Y0 = X0 + STATE_WORDS

function fill(): WasmFunction {
  const { I32, V128, i32Const, localGet, localSet, localTee } = wasm
  const rounds = [
    ...[...i32Const(DOUBLE_ROUNDS), ...localSet(ROUND)],
    ...wasm.LOOP,
    ...doubleRound(),
    ...[...localGet(ROUND), ...i32Const(1), ...wasm.I32_SUB, ...localTee(ROUND), ...wasm.BR_IF_LOOP],
    ...wasm.END,
  ]
  const body = [
    ...wasm.LOOP,
    ...WORDS.flatMap((i) => [...initialWord(i), ...localSet(X0 + i)]),
    ...rounds,
    ...WORDS.flatMap((i) => [...localGet(X0 + i), ...initialWord(i), ...wasm.I32X4_ADD, ...localSet(X0 + i)]),
    ...COLUMNS.flatMap(storeColumn),
    ...[...localGet(GROUP), ...i32Const(1), ...wasm.I32_ADD, ...localTee(GROUP)],
    ...[...localGet(END), ...wasm.I32_LESS_UNSIGNED, ...wasm.BR_IF_LOOP],
    ...wasm.END,
  ]
  const locals = [
    { type: I32, count: 1 },
    { type: V128, count: STATE_WORDS + LANES },
  ]
  return { name: 'fill', parameters: [I32, I32], results: [], locals, body }
}

function doubleRound(): Code {
  const diagonal = (i: number, by: number): number => (i + by) % COLUMNS.length
  return [
    ...COLUMNS.flatMap((i) => quarterRound(i, 4 + i, 8 + i, 12 + i)),
    ...COLUMNS.flatMap((i) => quarterRound(i, 4 + diagonal(i, 1), 8 + diagonal(i, 2), 12 + diagonal(i, 3))),
  ]
}

/** RFC 8439 §2.1. */
function quarterRound(a: number, b: number, c: number, d: number): Code {
  return [...mix(a, b, d, 16), ...mix(c, d, b, 12), ...mix(a, b, d, 8), ...mix(c, d, b, 7)]
}

/** a += b; d ^= a; d <<<= bits. */
function mix(a: number, b: number, d: number, bits: number): Code {
  const { localGet, localSet } = wasm
  return [
    ...[...localGet(X0 + a), ...localGet(X0 + b), ...wasm.I32X4_ADD, ...wasm.localTee(X0 + a)],
    ...[...localGet(X0 + d), ...wasm.V128_XOR, ...localSet(X0 + d)],
    ...[...rotate(X0 + d, bits), ...localSet(X0 + d)],
  ]
}

/** By whole bytes in one instruction. */
function rotate(local: number, bits: number): Code {
  const value = wasm.localGet(local)
  if (bits % 8 === 0) {
    const from = Array.from({ length: VECTOR_BYTES }, (_, i) => (i & ~3) | ((i - bits / 8) & 3))
    return [...value, ...value, ...wasm.i8x16Shuffle(from)]
  }
  const left = [...value, ...wasm.i32Const(bits), ...wasm.I32X4_SHIFT_LEFT]
  return [...left, ...value, ...wasm.i32Const(32 - bits), ...wasm.I32X4_SHIFT_RIGHT_UNSIGNED, ...wasm.V128_OR]
}

/** Word i of the states of a group's blocks: the same in all, but for the counter. */
function initialWord(i: number): Code {
  const word = [...wasm.i32Const(0), ...wasm.v128Load32Splat(4 * i)]
  if (i !== 12) return word
  const block = [...wasm.localGet(GROUP), ...wasm.i32Const(Math.log2(LANES)), ...wasm.I32_SHIFT_LEFT]
  const blocks = [...block, ...wasm.I32X4_SPLAT, ...wasm.v128Const(Int32Array.of(0, 1, 2, 3)), ...wasm.I32X4_ADD]
  return [...word, ...blocks, ...wasm.I32X4_ADD]
}

/** Writes words 4k to 4k + 3 of each block, which lie in its lane of as many vectors. */
function storeColumn(k: number): Code {
  const [a, b, c, d] = [X0 + 4 * k, X0 + 4 * k + 1, X0 + 4 * k + 2, X0 + 4 * k + 3]
  const mixed = (first: number, second: number, lanes: readonly number[]): Code => [
    ...wasm.localGet(first),
    ...wasm.localGet(second),
    ...wasm.i32x4Shuffle(lanes),
  ]
  const address = [...wasm.localGet(GROUP), ...wasm.i32Const(GROUP_SHIFT), ...wasm.I32_SHIFT_LEFT]
  const rowAt = (block: number): Code => wasm.v128Store(STATE_BYTES + 4 * STATE_WORDS * block + VECTOR_BYTES * k)
  return [
    ...[...mixed(a, b, [0, 4, 1, 5]), ...wasm.localSet(Y0)],
    ...[...mixed(c, d, [0, 4, 1, 5]), ...wasm.localSet(Y0 + 1)],
    ...[...mixed(a, b, [2, 6, 3, 7]), ...wasm.localSet(Y0 + 2)],
    ...[...mixed(c, d, [2, 6, 3, 7]), ...wasm.localSet(Y0 + 3)],
    ...[...address, ...mixed(Y0, Y0 + 1, [0, 1, 4, 5]), ...rowAt(0)],
    ...[...address, ...mixed(Y0, Y0 + 1, [2, 3, 6, 7]), ...rowAt(1)],
    ...[...address, ...mixed(Y0 + 2, Y0 + 3, [0, 1, 4, 5]), ...rowAt(2)],
    ...[...address, ...mixed(Y0 + 2, Y0 + 3, [2, 3, 6, 7]), ...rowAt(3)],
  ]
}

/** Parameters of `find`. */
const FROM = 0
const UP_TO = 1
const LOWEST = 2

function find(): WasmFunction {
  const { I32, i32Const, localGet } = wasm
  const bothVectors = [...localGet(FROM), ...wasm.v128Load(0), ...localGet(FROM), ...wasm.v128Load(VECTOR_BYTES)]
  const body = [
    ...wasm.LOOP,
    ...[...bothVectors, ...wasm.i32x4Shuffle([1, 3, 5, 7])],
    ...[...localGet(LOWEST), ...wasm.I32X4_SPLAT, ...wasm.I32X4_GREATER_OR_EQUAL_UNSIGNED, ...wasm.V128_ANY_TRUE],
    ...[...wasm.IF, ...localGet(FROM), ...wasm.RETURN, ...wasm.END],
    ...[...localGet(FROM), ...i32Const(LOOK_BYTES), ...wasm.I32_ADD, ...wasm.localTee(FROM)],
    ...[...localGet(UP_TO), ...wasm.I32_LESS_UNSIGNED, ...wasm.BR_IF_LOOP],
    ...wasm.END,
    ...localGet(UP_TO),
  ]
  return { name: 'find', parameters: [I32, I32, I32], results: [I32], locals: [], body }
}
