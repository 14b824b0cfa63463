import { displayHash, encodeOutPoint } from '@camelid/codec'
import type { TransactionSql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { takeUndo } from '../store/blocks.ts'
import { deleteBonds, spendBonds } from '../store/bonds.ts'
import { deleteCoins, insertCoins } from '../store/coins.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { deleteHistory } from '../store/history.ts'
import { deleteSettlements } from '../store/settlements.ts'
import { removeBest } from '../store/tip.ts'
import { deleteTransactions } from '../store/transactions.ts'
import type { LoadedBlock } from './block-cache.ts'
import { blockAddresses } from './block-history.ts'
import { decodeUndo, indexCoin } from './undo-data.ts'

/** Within the caller's transaction: takes the tip's block off, leaving everything as it was before it. */
export async function disconnectBlock(sql: TransactionSql, node: IndexedHeader, loaded: LoadedBlock): Promise<void> {
  const { block, txids } = loaded
  const undo = await takeUndo(sql, node.hash)
  if (undo === undefined)
    throw new ChainError(
      'CORRUPT_DATABASE',
      `undo data of block ${displayHash(node.hash)} is missing: start from an empty database`,
    )
  const made = txids.flatMap((txid, position) =>
    (block.transactions[position]?.vout ?? []).map((_, index) => encodeOutPoint({ txid, index })),
  )
  const spent = block.transactions.slice(1).flatMap(({ vin }) => vin.map(({ prevout }) => encodeOutPoint(prevout)))
  const returned = decodeUndo(undo)
  const addresses = blockAddresses(
    loaded,
    returned.map(({ scriptPubKey }) => scriptPubKey),
  )
  // The order counts: what the block made goes before what it spent comes back.
  await Promise.all([
    deleteCoins(sql, made),
    insertCoins(sql, returned.map(indexCoin)),
    spendBonds(sql, spent, null),
    deleteBonds(sql, made),
    deleteSettlements(sql, node.height),
    deleteTransactions(sql, txids),
    deleteHistory(sql, node.height, addresses),
    removeBest(sql, node.height),
  ])
}
