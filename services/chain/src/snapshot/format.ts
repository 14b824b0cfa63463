import { ByteReader, ByteWriter } from '@camelid/codec'
import type { NetworkParams } from '@camelid/consensus'
import { equalBytes, utf8 } from '@camelid/crypto'
import { SnapshotError } from './snapshot-error.ts'

/**
 * A snapshot is the whole state of a node at its tip, in one file. Integers little-endian, hashes in internal byte order:
 *
 *     prefix   "CAMELSNP" 8 · format u16 = 1 · magic of the network 4 · SHA-256 of all that follows 32
 *     place    genesis hash 32 · height of the tip u32 · hash of the tip 32 · height of the first block in full u32 · hash of the state 32
 *     headers  of heights 1 to the tip, 80 bytes each
 *     state    unspent outputs, settlement entries, bonds and their end: byte for byte what the hash of the state (StateHash) is made over
 *     index    transactions in order of txid: 4 · txid 32 · height u32 · position u32
 *              history of addresses in order: 5 · h2 20 · height u32 · position u32 · txid 32 · received u64 · sent u64
 *              0 · number of transactions u64 · of entries of the history u64
 *     blocks   from the first one in full to the tip: length u32 · block · length u32 · undo data
 *
 * Every order is fixed, so two nodes export the same bytes for the same tip and the same first block.
 */
export const FORMAT = 1

const START = utf8('CAMELSNP')

export const PREFIX_BYTES = 46
/** Where the hash stands in the file: it is written last. */
export const HASH_OFFSET = 14
export const PLACE_BYTES = 104

/** Limits of what one length may say. */
export const MAX_SCRIPT_BYTES = 100_000
export const MAX_UNDO_BYTES = 64 * 1024 * 1024
/** Heights are signed in the database. */
export const MAX_HEIGHT = 0x7fffffff

export interface SnapshotPlace {
  readonly genesisHash: Uint8Array
  readonly height: number
  readonly tipHash: Uint8Array
  /** The lowest block that is in the snapshot in full; the importing node is pruned below it. */
  readonly first: number
  readonly stateHash: Uint8Array
}

export function encodePrefix({ magic }: Pick<NetworkParams, 'magic'>, hash: Uint8Array): Uint8Array {
  return new ByteWriter().bytes(START).u16(FORMAT).bytes(magic).fixed(hash, 32).finish()
}

/** The hash that the file says it has. @throws SnapshotError NOT_A_SNAPSHOT, SNAPSHOT_VERSION, SNAPSHOT_NETWORK */
export function decodePrefix(bytes: Uint8Array, params: Pick<NetworkParams, 'magic' | 'name'>): Uint8Array {
  const reader = new ByteReader(bytes)
  if (!equalBytes(reader.bytes(START.length), START))
    throw new SnapshotError(
      'NOT_A_SNAPSHOT',
      'the file is no snapshot of a chain: give what camelid chain export wrote',
    )
  const format = reader.u16()
  if (format !== FORMAT)
    throw new SnapshotError(
      'SNAPSHOT_VERSION',
      `the snapshot has format ${format}, this release reads ${FORMAT}: export it by the same release`,
    )
  if (!equalBytes(reader.bytes(4), params.magic))
    throw new SnapshotError('SNAPSHOT_NETWORK', `the snapshot is of another network than "${params.name}"`)
  return reader.bytes(32)
}

export function encodePlace(place: SnapshotPlace): Uint8Array {
  return new ByteWriter()
    .fixed(place.genesisHash, 32)
    .u32(place.height)
    .fixed(place.tipHash, 32)
    .u32(place.first)
    .fixed(place.stateHash, 32)
    .finish()
}

export function decodePlace(bytes: Uint8Array): SnapshotPlace {
  const reader = new ByteReader(bytes)
  const genesisHash = reader.bytes(32)
  const height = reader.u32()
  const tipHash = reader.bytes(32)
  const first = reader.u32()
  const stateHash = reader.bytes(32)
  reader.end()
  return { genesisHash, height, tipHash, first, stateHash }
}
