import type { Code } from '@camelid/wasm'
import * as wasm from '@camelid/wasm'

/** Logits of a block. */
export const BLOCK = 64
const LANES = 4
const FLOAT_BYTES = 4
const VECTOR_BYTES = 16
/** −Infinity as IEEE 754 has it. */
const LOWEST = Int32Array.of(0, 0, 0, 0).fill(0xff800000)

/** Parameters of `maxima`, and a local. */
const FROM = 0
const END = 1
const INTO = 2
const HIGHEST = 3

/**
 * A WebAssembly module with `memory`, in which `maxima(from: u32, end: u32, into: u32)` writes the highest of each block of floats at the
 * addresses `from` to `end`, at least one, to `into`, one after another; what is no number is passed over. Writes 12 bytes past the last.
 */
export function encodeBlockMaxima(): Uint8Array<ArrayBuffer> {
  const { I32, V128, i32Const, localGet, localSet, localTee } = wasm
  const vectors = Array.from({ length: BLOCK / LANES }, (_, i) => VECTOR_BYTES * i)
  const next = (local: number, bytes: number): Code => [...localGet(local), ...i32Const(bytes), ...wasm.I32_ADD]
  const body = [
    ...wasm.LOOP,
    ...wasm.v128Const(LOWEST),
    ...vectors.flatMap((at) => [...localGet(FROM), ...wasm.v128Load(at), ...wasm.F32X4_PSEUDO_MAX]),
    ...localSet(HIGHEST),
    ...[
      ...localGet(INTO),
      ...across([2, 3, 0, 1]),
      ...across([1, 0, 3, 2]),
      ...localGet(HIGHEST),
      ...wasm.v128Store(0),
    ],
    ...[...next(INTO, FLOAT_BYTES), ...localSet(INTO)],
    ...[...next(FROM, FLOAT_BYTES * BLOCK), ...localTee(FROM)],
    ...[...localGet(END), ...wasm.I32_LESS_UNSIGNED, ...wasm.BR_IF_LOOP],
    ...wasm.END,
  ]
  const locals = [{ type: V128, count: 1 }]
  return wasm.encodeModule({ functions: [{ name: 'maxima', parameters: [I32, I32, I32], results: [], locals, body }] })
}

/** The highest of each lane and of one other. */
function across(lanes: readonly number[]): Code {
  const highest = wasm.localGet(HIGHEST)
  return [
    ...highest,
    ...highest,
    ...highest,
    ...wasm.i32x4Shuffle(lanes),
    ...wasm.F32X4_PSEUDO_MAX,
    ...wasm.localSet(HIGHEST),
  ]
}
