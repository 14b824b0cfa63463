import type { Code, WasmFunction } from '@camelid/wasm'
import * as wasm from '@camelid/wasm'
import type { Operation, Value } from './dataflow.ts'
import { type HeaderSearch, headerSearch } from './header-search.ts'

/** Nonces tried in one pass. */
export const LANES = 4
const VECTOR_BYTES = 16

const OPCODES: Readonly<Partial<Record<Operation, Code>>> = {
  add: wasm.I32X4_ADD,
  xor: wasm.V128_XOR,
  and: wasm.V128_AND,
  shiftLeft: wasm.I32X4_SHIFT_LEFT,
  shiftRight: wasm.I32X4_SHIFT_RIGHT_UNSIGNED,
  swapBytes: wasm.I8X16_SHUFFLE_SWAPPING,
  atOrBelow: wasm.I32X4_LESS_OR_EQUAL_UNSIGNED,
}

/**
 * A module with two functions:
 * - `prepare`, 12 integers (see HeaderSearch.inputs): computes all fixed values into memory;
 * - `scan(first, count)`: tries nonces from `first` on, four at a time, and returns how many were tried before the pass
 *   in which one may win, or `count` rounded up to a whole pass when none may.
 */
export function emitSearch(): Uint8Array<ArrayBuffer> {
  const search = headerSearch()
  const used = usedValues(search.hit)
  const values = search.flow.values.filter((value) => used.has(value))
  const fixed = values.filter((value) => value.fixed)
  const offsets = new Map(fixed.map((value, i) => [value, i * VECTOR_BYTES]))
  const data = new Int32Array((fixed.length * VECTOR_BYTES) / 4)
  for (const [value, offset] of offsets) {
    if (value.operation === 'constant') data.fill(value.amount, offset / 4, (offset + VECTOR_BYTES) / 4)
  }
  return wasm.encodeModule({
    functions: [prepareFunction(search, fixed, offsets), scanFunction(search, values, offsets)],
    data: new Uint8Array(data.buffer),
  })
}

function prepareFunction(search: HeaderSearch, fixed: readonly Value[], offsets: Offsets): WasmFunction {
  const body = fixed.flatMap((value) => {
    if (value.operation === 'constant') return []
    const made =
      value.operation === 'input'
        ? [...wasm.localGet(search.inputs.indexOf(value)), ...wasm.I32X4_SPLAT]
        : [...value.inputs.flatMap((input) => load(input, offsets)), ...operate(value)]
    return [...wasm.i32Const(0), ...made, ...wasm.v128Store(offsetOf(value, offsets))]
  })
  return { name: 'prepare', parameters: search.inputs.map(() => wasm.I32), results: [], locals: [], body }
}

function scanFunction(search: HeaderSearch, values: readonly Value[], offsets: Offsets): WasmFunction {
  const [first, count, tried, nonces] = [0, 1, 2, 3]
  const pass = emitPass(search, values, offsets, nonces)
  const body = [
    ...[...wasm.localGet(first), ...wasm.I32X4_SPLAT, ...wasm.v128Const(Int32Array.of(0, 1, 2, 3))],
    ...[...wasm.I32X4_ADD, ...wasm.localSet(nonces)],
    ...wasm.LOOP,
    ...pass.code,
    ...[...wasm.localGet(pass.hit), ...wasm.V128_ANY_TRUE],
    ...[...wasm.IF, ...wasm.localGet(tried), ...wasm.RETURN, ...wasm.END],
    ...[...wasm.localGet(nonces), ...wasm.v128Const(new Int32Array(LANES).fill(LANES)), ...wasm.I32X4_ADD],
    ...wasm.localSet(nonces),
    ...[...wasm.localGet(tried), ...wasm.i32Const(LANES), ...wasm.I32_ADD, ...wasm.localSet(tried)],
    ...[...wasm.localGet(tried), ...wasm.localGet(count), ...wasm.I32_LESS_UNSIGNED, ...wasm.BR_IF_LOOP],
    ...wasm.END,
    ...wasm.localGet(tried),
  ]
  const locals = [
    { type: wasm.I32, count: 1 },
    { type: wasm.V128, count: pass.firstUnused - nonces },
  ]
  return { name: 'scan', parameters: [wasm.I32, wasm.I32], results: [wasm.I32], locals, body }
}

/** Code for all values that depend on the nonces. A local is used again once its value has been read for the last time. */
function emitPass(search: HeaderSearch, values: readonly Value[], offsets: Offsets, nonces: number) {
  const varying = values.filter(({ fixed, operation }) => !fixed && operation !== 'nonces')
  const lastUse = new Map<Value, Value>()
  for (const value of varying) for (const input of value.inputs) lastUse.set(input, value)
  const locals = new Map<Value, number>([[search.nonces, nonces]])
  const free: number[] = []
  let firstUnused = nonces + 1
  const code: number[] = []
  for (const value of varying) {
    for (const input of value.inputs) {
      const local = locals.get(input)
      code.push(...(local === undefined ? load(input, offsets) : wasm.localGet(local)))
    }
    for (const input of new Set(value.inputs)) {
      const local = locals.get(input)
      if (local !== undefined && local !== nonces && lastUse.get(input) === value) free.push(local)
    }
    const local = free.pop() ?? firstUnused++
    locals.set(value, local)
    code.push(...operate(value), ...wasm.localSet(local))
  }
  return { code, hit: locals.get(search.hit) ?? nonces, firstUnused }
}

type Offsets = ReadonlyMap<Value, number>

function offsetOf(value: Value, offsets: Offsets): number {
  const offset = offsets.get(value)
  if (offset === undefined) throw new Error(`no memory for the ${value.operation} that a fixed value is made from`)
  return offset
}

const load = (value: Value, offsets: Offsets): Code => [...wasm.i32Const(0), ...wasm.v128Load(offsetOf(value, offsets))]

/** The instruction itself, once the inputs are on the stack. */
function operate({ operation, amount }: Value): Code {
  const shifts = operation === 'shiftLeft' || operation === 'shiftRight'
  return [...(shifts ? wasm.i32Const(amount) : []), ...(OPCODES[operation] ?? [])]
}

function usedValues(result: Value): Set<Value> {
  const used = new Set<Value>()
  const open = [result]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (used.has(value)) continue
    used.add(value)
    open.push(...value.inputs)
  }
  return used
}
