import type { KeyPlace } from '@camelid/wallet'
import { branchOf } from './addresses.ts'
import type { Store } from './open.ts'
import { all, amount, blob, int, one, prepare, type Row } from './rows.ts'

/** An unspent P2PKH output, proved against our own headers. Value in base units. */
export interface Coin {
  readonly outpoint: { readonly txid: Uint8Array; readonly index: number }
  readonly value: bigint
  readonly height: number
  readonly blockHash: Uint8Array
  readonly coinbase: boolean
  /** A peer's mempool or reservation spends it: not to be chosen, and coming back if that is our own expired job. */
  readonly inMempool: boolean
}

/** A coin of ours, and where the key that spends it stands. */
export interface OwnCoin extends Coin {
  readonly place: KeyPlace
}

/** A coin, or only its outpoint and value, promised to one job or spend. */
export interface Lock {
  readonly outpoint: Coin['outpoint']
  readonly value: bigint
}

/** Queries and single transactions on `coin` and `coin_lock`. */
export function coinStore(store: Store) {
  const { db } = store
  const list = prepare(db, 'SELECT * FROM coin ORDER BY height, txid, vout')
  const free = prepare(
    db,
    `SELECT coin.* FROM coin LEFT JOIN coin_lock USING (txid, vout)
     WHERE coin_lock.owner IS NULL AND in_mempool = 0 ORDER BY height, txid, vout`,
  )
  const clear = prepare(db, 'DELETE FROM coin WHERE branch = ? AND idx = ?')
  const insert = prepare(db, 'INSERT INTO coin VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const total = prepare(db, 'SELECT COALESCE(SUM(value), 0) AS total FROM coin')
  const reserved = prepare(
    db,
    `SELECT COALESCE(SUM(coin.value), 0) AS total FROM coin LEFT JOIN coin_lock USING (txid, vout)
     WHERE coin_lock.owner IS NOT NULL OR in_mempool = 1`,
  )
  const insertLock = prepare(db, 'INSERT INTO coin_lock VALUES (?, ?, ?, ?)')
  const removeLocks = prepare(db, 'DELETE FROM coin_lock WHERE owner = ?')
  const locksOf = prepare(db, 'SELECT * FROM coin_lock WHERE owner = ?')

  return {
    /** Query: every coin, reserved ones included. */
    all: (): OwnCoin[] => all(list).map(toCoin),
    /** Query: coins that neither we nor anybody's mempool has promised yet. */
    free: (): OwnCoin[] => all(free).map(toCoin),
    /** Query: sum of all coins, in base units. */
    balance: (): bigint => sum(one(total)),
    /** Query: the part of the balance that is promised. */
    reserved: (): bigint => sum(one(reserved)),
    /** One transaction: what these addresses hold by agreement replaces what they held. */
    replace(places: readonly KeyPlace[], coins: readonly OwnCoin[]): void {
      store.transaction(() => {
        for (const { branch, index } of places) clear.run(branch, index)
        for (const { outpoint, value, height, blockHash, coinbase, inMempool, place } of coins) {
          const flags = [Number(coinbase), Number(inMempool)]
          insert.run(outpoint.txid, outpoint.index, value, height, blockHash, ...flags, place.branch, place.index)
        }
      })
    },
    /** Promises coins to `owner`; fails as a whole (UNIQUE) where one is already promised. Call inside a transaction. */
    lock(owner: Uint8Array, locks: readonly Lock[]): void {
      for (const { outpoint, value } of locks) insertLock.run(outpoint.txid, outpoint.index, owner, value)
    },
    unlock(owner: Uint8Array): void {
      removeLocks.run(owner)
    },
    locksOf: (owner: Uint8Array): Lock[] =>
      all(locksOf, owner).map((row) => ({
        outpoint: { txid: blob(row, 'txid'), index: int(row, 'vout') },
        value: amount(row, 'value'),
      })),
  }
}

export type CoinStore = ReturnType<typeof coinStore>

function sum(row: Row | undefined): bigint {
  return row === undefined ? 0n : amount(row, 'total')
}

function toCoin(row: Row): OwnCoin {
  return {
    outpoint: { txid: blob(row, 'txid'), index: int(row, 'vout') },
    value: amount(row, 'value'),
    height: int(row, 'height'),
    blockHash: blob(row, 'block_hash'),
    coinbase: int(row, 'coinbase') === 1,
    inMempool: int(row, 'in_mempool') === 1,
    place: { branch: branchOf(row), index: int(row, 'idx') },
  }
}
