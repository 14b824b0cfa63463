import type { OutPoint } from '@camelid/codec'
import type { Coin } from '../store/coins.ts'

/**
 * Coins are held as two strings of one byte a character, which take a third of the memory that objects would: the key is the 36 bytes of
 * the outpoint; the entry is flags u8 ‖ height u32 ‖ value u64 ‖ script, little-endian, or the flags alone where the coin is spent.
 */
export type CoinKey = string
export type CoinEntry = string

const COINBASE = 1
/** The table `utxos` has a row of this outpoint, which has to go or to be replaced. */
const HAS_ROW = 2

/** A coin that neither exists nor has a row. */
export const NOTHING: CoinEntry = String.fromCharCode(0)
/** A coin that is spent, while the table may still have it. */
export const SPENT: CoinEntry = String.fromCharCode(HAS_ROW)

const HEAD_BYTES = 13
/** Outputs up to this size are packed without taking memory for it. */
const SCRATCH_BYTES = 256
/** Two strings with their headers, and a place in a map; measured. */
const ENTRY_BYTES = 92

const keyScratch = Buffer.alloc(36)
const coinScratch = Buffer.alloc(SCRATCH_BYTES)

export function keyOfOutPoint({ txid, index }: OutPoint): CoinKey {
  keyScratch.set(txid)
  keyScratch.writeUInt32LE(index, 32)
  return keyScratch.toString('latin1')
}

/** The key of an outpoint's 36 bytes. */
export function keyOfBytes(outpoint: Uint8Array): CoinKey {
  return Buffer.from(outpoint.buffer, outpoint.byteOffset, outpoint.length).toString('latin1')
}

/** The 36 bytes of an outpoint. */
export function outPointOfKey(key: CoinKey): Uint8Array {
  return Buffer.from(key, 'latin1')
}

export function packCoin({ value, scriptPubKey, height, coinbase }: Omit<Coin, 'outpoint'>): CoinEntry {
  const length = HEAD_BYTES + scriptPubKey.length
  const bytes = length <= SCRATCH_BYTES ? coinScratch : Buffer.alloc(length)
  bytes.writeUInt8(coinbase ? COINBASE : 0, 0)
  bytes.writeUInt32LE(height, 1)
  bytes.writeBigUInt64LE(value, 5)
  bytes.set(scriptPubKey, HEAD_BYTES)
  return bytes.toString('latin1', 0, length)
}

/** @param entry of a coin that is not spent */
export function unpackCoin(key: CoinKey, entry: CoinEntry): Coin {
  const bytes = Buffer.from(entry, 'latin1')
  return {
    outpoint: outPointOfKey(key),
    coinbase: (bytes.readUInt8(0) & COINBASE) !== 0,
    height: bytes.readUInt32LE(1),
    value: bytes.readBigUInt64LE(5),
    scriptPubKey: bytes.subarray(HEAD_BYTES),
  }
}

export const isUnspent = (entry: CoinEntry): boolean => entry.length > 1

export const hasRow = (entry: CoinEntry): boolean => (entry.charCodeAt(0) & HAS_ROW) !== 0

/** The same coin, where the table has another row of its outpoint. */
export function withRow(entry: CoinEntry): CoinEntry {
  return String.fromCharCode(entry.charCodeAt(0) | HAS_ROW) + entry.slice(1)
}

/** Memory that an entry takes in a map, bytes. */
export const memoryOf = (key: CoinKey, entry: CoinEntry): number => ENTRY_BYTES + key.length + entry.length
