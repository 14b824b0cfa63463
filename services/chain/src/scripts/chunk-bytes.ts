import { decodeTransaction, type Transaction, type TxOut } from '@camelid/codec'
import type { InputRange } from './script-spend.ts'

/** Inputs to judge as a thread gets them. */
export interface DecodedRange {
  readonly tx: Transaction
  readonly from: number
  /** What the inputs from `from` on spend. */
  readonly spent: readonly TxOut[]
}

const RANGE_BYTES = 12
const OUTPUT_BYTES = 12

/**
 * A chunk as bytes of a buffer of their own, which goes to a thread without a copy. Each range: length of the transaction u32, first input
 * u32, inputs u32, the transaction; then for each input what it spends: value u64, length of the script u32, the script.
 */
export function encodeChunk(chunk: readonly InputRange[]): Uint8Array<ArrayBuffer> {
  let size = 0
  for (const { spend, from, to } of chunk) {
    size += RANGE_BYTES + spend.raw.length
    for (let i = from; i < to; i++) size += OUTPUT_BYTES + outputOf(spend.spent, i).scriptPubKey.length
  }
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const { spend, from, to } of chunk) {
    view.setUint32(at, spend.raw.length)
    view.setUint32(at + 4, from)
    view.setUint32(at + 8, to - from)
    bytes.set(spend.raw, at + RANGE_BYTES)
    at += RANGE_BYTES + spend.raw.length
    for (let i = from; i < to; i++) {
      const { value, scriptPubKey } = outputOf(spend.spent, i)
      view.setBigUint64(at, value)
      view.setUint32(at + 8, scriptPubKey.length)
      bytes.set(scriptPubKey, at + OUTPUT_BYTES)
      at += OUTPUT_BYTES + scriptPubKey.length
    }
  }
  return bytes
}

/** The ranges of `encodeChunk`, in order. Scripts are views of the bytes. */
export function decodeChunk(bytes: Uint8Array): DecodedRange[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ranges: DecodedRange[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at)
    const from = view.getUint32(at + 4)
    const inputs = view.getUint32(at + 8)
    at += RANGE_BYTES
    const tx = decodeTransaction(bytes.subarray(at, at + length))
    at += length
    const spent: TxOut[] = []
    for (let i = 0; i < inputs; i++) {
      const value = view.getBigUint64(at)
      const end = at + OUTPUT_BYTES + view.getUint32(at + 8)
      spent.push({ value, scriptPubKey: bytes.subarray(at + OUTPUT_BYTES, end) })
      at = end
    }
    ranges.push({ tx, from, spent })
  }
  return ranges
}

function outputOf(spent: readonly TxOut[], index: number): TxOut {
  const output = spent[index]
  if (output === undefined) throw new RangeError(`input ${index} is judged without the output it spends`)
  return output
}
