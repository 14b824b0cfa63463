import { randomBytes } from 'node:crypto'
import {
  decodeShortIds,
  decodeTransaction,
  encodeHeader,
  encodeShortIds,
  encodeTransaction,
  ShortIds,
  type Transaction,
} from '@camelid/codec'
import { sha256d } from '@camelid/crypto'
import type { CompactBlock, PlacedTransaction } from '@camelid/proto/chain/v1/chain_pb'
import type { LoadedBlock } from '../chain/block-cache.ts'
import { ChainError } from '../chain-error.ts'

/** A transaction as its bytes, decoded and hashed. */
export interface Part {
  readonly txid: Uint8Array
  readonly tx: Transaction
  readonly raw: Uint8Array
}

/** The transactions of a compact block: by position those that are spelled out, by short id the others in their order. */
export interface Outline {
  readonly ids: ShortIds
  readonly shortIds: readonly number[]
  readonly placed: ReadonlyMap<number, Part>
  /** Of all transactions. */
  readonly count: number
}

/** Version, an input, an output, lockTime and job. */
const LEAST_TRANSACTION_BYTES = 92

/**
 * Reads what follows the header.
 * @param headerBytes the 80 bytes that key its short ids
 * @throws ChainError BAD_COMPACT_BLOCK; CodecError where a transaction is none
 */
export function readOutline(
  message: Pick<CompactBlock, 'nonce' | 'shortIds' | 'prefilled'>,
  headerBytes: Uint8Array,
  maxBlockBytes: number,
): Outline {
  const shortIds = decodeShortIds(message.shortIds)
  const count = shortIds.length + message.prefilled.length
  if (count * LEAST_TRANSACTION_BYTES > maxBlockBytes)
    throw new ChainError('BAD_COMPACT_BLOCK', `${count} transactions never fit a block`)
  const placed = readPlaced(message.prefilled, count)
  return { ids: new ShortIds(headerBytes, message.nonce), shortIds, placed, count }
}

/** Transactions by position. @throws ChainError BAD_COMPACT_BLOCK where positions do not ascend below `count`; CodecError */
export function readPlaced(transactions: readonly PlacedTransaction[], count: number): Map<number, Part> {
  const placed = new Map<number, Part>()
  let last = -1
  for (const { index, transaction } of transactions) {
    if (index <= last || index >= count)
      throw new ChainError('BAD_COMPACT_BLOCK', `position ${index} after ${last} among ${count} transactions`)
    // The bytes may alias the frame they came in.
    const raw = transaction.slice()
    placed.set(index, { tx: decodeTransaction(raw), txid: sha256d(raw), raw })
    last = index
  }
  return placed
}

/** A block for peers that have most of its transactions, under a nonce of our own. */
export function compactBlockOf({ block, txids }: LoadedBlock) {
  const header = encodeHeader(block.header)
  const nonce = randomBytes(8).readBigUInt64LE()
  const ids = new ShortIds(header, nonce)
  const [coinbase] = block.transactions
  return {
    header,
    nonce,
    shortIds: encodeShortIds(txids.slice(1).map((txid) => ids.of(txid))),
    prefilled: coinbase === undefined ? [] : [{ index: 0, transaction: encodeTransaction(coinbase) }],
  }
}
