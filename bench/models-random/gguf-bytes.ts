/** Types of values, as GGUF numbers them. */
const TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const

export type Value =
  | { readonly type: 'uint32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s' | 'float32s'; readonly value: readonly number[] }

export const uint32 = (value: number): Value => ({ type: 'uint32', value })
export const float32 = (value: number): Value => ({ type: 'float32', value })
export const bool = (value: boolean): Value => ({ type: 'bool', value })
export const string = (value: string): Value => ({ type: 'string', value })

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([u64(bytes.length), bytes])
}

/** A value behind the number of its type. */
export function typed(given: Value): Buffer {
  switch (given.type) {
    case 'uint32':
      return Buffer.concat([u32(TYPE.uint32), u32(given.value)])
    case 'float32':
      return Buffer.concat([u32(TYPE.float32), f32(given.value)])
    case 'bool':
      return Buffer.concat([u32(TYPE.bool), Buffer.of(given.value ? 1 : 0)])
    case 'string':
      return Buffer.concat([u32(TYPE.string), text(given.value)])
    case 'strings':
      return array(TYPE.string, given.value.map(text))
    case 'int32s':
      return array(TYPE.int32, given.value.map(u32))
    case 'float32s':
      return array(TYPE.float32, given.value.map(f32))
  }
}

function array(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(TYPE.array), u32(type), u64(items.length), ...items])
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}
