import { parseP2pkh } from '@camelid/consensus'
import type { TransactionSql } from '@camelid/store'
import { deleteCoins, insertCoins } from '../store/coins.ts'
import { type CoinEntry, type CoinKey, hasRow, isUnspent, outPointOfKey, unpackCoin } from './pack-coin.ts'

/** Rows of one query: about a megabyte of text on its way. */
const BATCH = 4_000

/**
 * Within the caller's transaction: brings the table `utxos` in line with these entries, those of `above` before those of `below`, in
 * batches of a size; two are on their way at a time.
 */
export async function writeCoins(
  sql: TransactionSql,
  below: ReadonlyMap<CoinKey, CoinEntry>,
  above: ReadonlyMap<CoinKey, CoinEntry>,
): Promise<void> {
  let sending: Promise<void> = Promise.resolve()
  for (const batch of batches(entries(below, above))) {
    const next = writeBatch(sql, batch)
    // Its failure is told when it is waited for.
    next.catch(() => undefined)
    await sending
    sending = next
  }
  await sending
}

type Pair = readonly [key: CoinKey, entry: CoinEntry]

function* entries(below: ReadonlyMap<CoinKey, CoinEntry>, above: ReadonlyMap<CoinKey, CoinEntry>): Iterable<Pair> {
  for (const pair of below) if (!above.has(pair[0])) yield pair
  yield* above
}

function* batches(pairs: Iterable<Pair>): Iterable<Pair[]> {
  let batch: Pair[] = []
  for (const pair of pairs) {
    batch.push(pair)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function writeBatch(sql: TransactionSql, batch: readonly Pair[]): Promise<void> {
  const gone = batch.filter(([, entry]) => hasRow(entry)).map(([key]) => outPointOfKey(key))
  const coins = batch
    .filter(([, entry]) => isUnspent(entry))
    .map(([key, entry]) => {
      const coin = unpackCoin(key, entry)
      return { ...coin, h2: parseP2pkh(coin.scriptPubKey) }
    })
  // The order counts: a coin may take the place of another row of its outpoint.
  await Promise.all([deleteCoins(sql, gone), insertCoins(sql, coins)])
}
