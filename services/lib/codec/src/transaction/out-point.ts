import { bytesToHex } from '@camelid/crypto'
import { ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'

export const HASH_BYTES = 32
export const OUT_POINT_BYTES = 36

/** One output of one transaction. */
export interface OutPoint {
  /** 32 bytes, internal order. */
  readonly txid: Uint8Array
  readonly index: number
}

/** txid 32 ‖ index u32: 36 bytes. */
export function encodeOutPoint(outpoint: OutPoint): Uint8Array {
  const writer = new ByteWriter()
  writeOutPoint(writer, outpoint)
  return writer.finish()
}

/** @throws CodecError TRUNCATED, TRAILING_BYTES unless there are 36 bytes */
export function decodeOutPoint(bytes: Uint8Array): OutPoint {
  const reader = new ByteReader(bytes)
  const outpoint = readOutPoint(reader)
  reader.end()
  return outpoint
}

/** The same text for the same output, to key maps by: txid in hex (internal order), colon, index. */
export function outPointKey(outpoint: OutPoint): string {
  return `${bytesToHex(outpoint.txid)}:${outpoint.index}`
}

export function writeOutPoint(writer: ByteWriter, outpoint: OutPoint): void {
  writer.fixed(outpoint.txid, HASH_BYTES).u32(outpoint.index)
}

export function readOutPoint(reader: ByteReader): OutPoint {
  return { txid: reader.bytes(HASH_BYTES), index: reader.u32() }
}
