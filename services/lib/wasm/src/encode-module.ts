import { type Code, END, unsigned } from './instructions.ts'

export const I32 = 0x7f
export const V128 = 0x7b

export interface WasmFunction {
  /** Name it is exported under. */
  readonly name: string
  readonly parameters: readonly number[]
  readonly results: readonly number[]
  /** Types of the locals that follow the parameters. */
  readonly locals: readonly { readonly type: number; readonly count: number }[]
  readonly body: Code
}

export interface WasmModule {
  readonly functions: readonly WasmFunction[]
  /** The one memory's content from address 0; the rest of its first page of 64 KiB is zero. */
  readonly data?: Uint8Array
}

const MAGIC_AND_VERSION: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const FUNCTION_TYPE = 0x60
const FUNCTION_EXPORT = 0
const MEMORY_EXPORT = 2
/** At first: it may grow. */
const MEMORY_OF_ONE_PAGE: Code = [0, 1]
/** An active data segment at address 0: mode 0, `i32.const 0`, `end`. */
const DATA_AT_ZERO: Code = [0, 0x41, 0, 0x0b]

/** Bytes of a module that exports its functions and its one memory, as `memory` (WebAssembly core specification 2.0, §5.5). */
export function encodeModule({ functions, data = new Uint8Array(0) }: WasmModule): Uint8Array<ArrayBuffer> {
  return new Uint8Array([
    ...MAGIC_AND_VERSION,
    ...section(1, vectorOf(functions.map(typeOf))),
    ...section(3, vectorOf(functions.map((_, i) => unsigned(i)))),
    ...section(5, vectorOf([MEMORY_OF_ONE_PAGE])),
    ...section(7, vectorOf([[...text('memory'), MEMORY_EXPORT, 0], ...functions.map(exportOf)])),
    ...section(10, vectorOf(functions.map((it) => sized(bodyOf(it))))),
    ...section(11, vectorOf([[...DATA_AT_ZERO, ...sized([...data])]])),
  ])
}

const typeOf = ({ parameters, results }: WasmFunction): Code => [FUNCTION_TYPE, ...sized(parameters), ...sized(results)]

const exportOf = ({ name }: WasmFunction, i: number): Code => [...text(name), FUNCTION_EXPORT, ...unsigned(i)]

const bodyOf = ({ locals, body }: WasmFunction): Code => [
  ...vectorOf(locals.map(({ type, count }) => [...unsigned(count), type])),
  ...body,
  ...END,
]

const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes]
const section = (id: number, content: Code): Code => [id, ...sized(content)]
const vectorOf = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const text = (name: string): Code => sized([...new TextEncoder().encode(name)])
