import { equalBytes } from '@camelid/crypto'
import type { Sql } from '@camelid/store'
import { loadBlock } from '../chain/block-cache.ts'
import { inputKeys } from '../chain/block-spending.ts'
import type { Tip } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { findBestBlock } from '../store/blocks.ts'
import { isOnBestChain } from '../store/tip.ts'
import { type Flushed, findFlushed, holdTip } from '../store/utxo-state.ts'
import { applyBlock } from './block-coins.ts'
import { CoinCache } from './coin-cache.ts'

/** Blocks that one transaction makes again, at most. */
const STEP = 500

/**
 * Brings the table `utxos` from the block it stands at up to the tip, by the raw blocks between, and then forgets what is in memory: what a
 * crash took with it is made again. The block it stands at is always an ancestor of the tip, since a reorganisation below it flushes.
 * Until that is done, e.g. while the database takes nothing, memory stays as it was.
 * @throws ChainError CORRUPT_DATABASE, TIP_MOVED
 */
export async function rollForward(sql: Sql, coins: CoinCache, tip: Tip, signal?: AbortSignal): Promise<void> {
  const rolling = new CoinCache(coins.limitBytes / 2, await requireFlushed(sql))
  while (!equalBytes(rolling.flushed.hash, tip.node.hash)) {
    signal?.throwIfAborted()
    await step(sql, rolling, tip)
  }
  coins.reset(rolling.flushed)
}

/** Where the table stands. @throws ChainError CORRUPT_DATABASE */
export async function requireFlushed(sql: Sql): Promise<Flushed> {
  const flushed = await findFlushed(sql)
  if (flushed !== undefined && (await isOnBestChain(sql, flushed.height, flushed.hash))) return flushed
  throw new ChainError(
    'CORRUPT_DATABASE',
    'the table of unspent outputs stands at no block of the best chain: make it again with `camelid chain reindex`',
  )
}

async function step(sql: Sql, coins: CoinCache, tip: Tip): Promise<void> {
  const session = coins.begin()
  const first = coins.flushed.height + 1
  await sql.begin(async (transaction) => {
    await holdTip(transaction, { hash: tip.node.hash, version: tip.version })
    let at = coins.flushed
    for (let height = first; height <= tip.node.height && height < first + STEP && !session.isFull; height++) {
      const found = await findBestBlock(transaction, height)
      if (found === undefined) throw missing(height)
      const loaded = loadBlock(found.raw)
      applyBlock(session, loaded, { height, keys: inputKeys(loaded) })
      at = { hash: found.hash, height }
    }
    await session.flush(transaction, at)
  })
  session.commit()
}

function missing(height: number): ChainError {
  return new ChainError(
    'CORRUPT_DATABASE',
    `the block at height ${height} is missing, which the unspent outputs are made from: start from an empty database`,
  )
}
