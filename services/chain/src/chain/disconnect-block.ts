import { displayHash } from '@camelid/codec'
import { parseBond } from '@camelid/consensus'
import { addToOutbox } from '@camelid/events'
import type { TransactionSql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { unapplyBlock } from '../coins/block-coins.ts'
import type { CoinSession } from '../coins/coin-session.ts'
import { takeUndo } from '../store/blocks.ts'
import { deleteBonds, spendBonds } from '../store/bonds.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { deleteHistory } from '../store/history.ts'
import { deleteSettlements } from '../store/settlements.ts'
import { removeBest } from '../store/tip.ts'
import { deleteTransactions } from '../store/transactions.ts'
import { bondsMade } from './block-bonds.ts'
import type { LoadedBlock } from './block-cache.ts'
import { disconnectedEvent } from './block-events.ts'
import { blockAddresses } from './block-history.ts'
import { decodeUndo } from './undo-data.ts'

interface DisconnectOptions {
  /** What the blocks of this transaction changed so far. */
  readonly coins: CoinSession
  readonly node: IndexedHeader
  readonly loaded: LoadedBlock
  /** Of the tip once the block is off: it makes the id of the event. */
  readonly version: bigint
  /** Whether to tell of it. */
  readonly announce: boolean
}

/**
 * Within the caller's transaction: takes the tip's block off, leaving everything as it was before it.
 * @throws ChainError CORRUPT_DATABASE
 */
export async function disconnectBlock(sql: TransactionSql, options: DisconnectOptions): Promise<void> {
  const { coins, node, loaded } = options
  const undo = await takeUndo(sql, node.hash)
  if (undo === undefined)
    throw new ChainError(
      'CORRUPT_DATABASE',
      `undo data of block ${displayHash(node.hash)} is missing: start from an empty database`,
    )
  const returned = decodeUndo(undo)
  const scripts = returned.map(({ scriptPubKey }) => scriptPubKey)
  const bonds = returned.filter(({ scriptPubKey }) => parseBond(scriptPubKey) !== null)
  await Promise.all([
    spendBonds(
      sql,
      bonds.map(({ outpoint }) => outpoint),
      null,
    ),
    deleteBonds(
      sql,
      bondsMade(loaded, node.height).map(({ outpoint }) => outpoint),
    ),
    deleteSettlements(sql, node.height),
    deleteTransactions(sql, loaded.txids),
    deleteHistory(sql, node.height, blockAddresses(loaded, scripts)),
    removeBest(sql, node.height),
    addToOutbox(sql, options.announce ? [disconnectedEvent(node, options.version)] : []),
  ])
  unapplyBlock(coins, loaded, returned)
}
