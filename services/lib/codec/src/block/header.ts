import { sha256d } from '@camelid/crypto'
import { ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { HASH_BYTES } from '../transaction/out-point.ts'

/** Bytes of a header (protocol: Block). */
export const HEADER_BYTES = 80

export interface BlockHeader {
  readonly version: number
  /** Hash of the block before, 32 bytes, internal order. */
  readonly prevHash: Uint8Array
  readonly merkleRoot: Uint8Array
  /** Unix seconds. */
  readonly time: number
  /** Target in Bitcoin's compact form. */
  readonly bits: number
  readonly nonce: number
}

export function encodeHeader(header: BlockHeader): Uint8Array {
  return new ByteWriter()
    .u32(header.version)
    .fixed(header.prevHash, HASH_BYTES)
    .fixed(header.merkleRoot, HASH_BYTES)
    .u32(header.time)
    .u32(header.bits)
    .u32(header.nonce)
    .finish()
}

/** @throws CodecError TRUNCATED, TRAILING_BYTES unless there are 80 bytes */
export function decodeHeader(bytes: Uint8Array): BlockHeader {
  const reader = new ByteReader(bytes)
  const header = readHeader(reader)
  reader.end()
  return header
}

/** SHA-256d of the 80 bytes, internal order. */
export function headerHash(header: BlockHeader): Uint8Array {
  return sha256d(encodeHeader(header))
}

export function readHeader(reader: ByteReader): BlockHeader {
  return {
    version: reader.u32(),
    prevHash: reader.bytes(HASH_BYTES),
    merkleRoot: reader.bytes(HASH_BYTES),
    time: reader.u32(),
    bits: reader.u32(),
    nonce: reader.u32(),
  }
}
