import type { TransactionSql } from '@camelid/store'
import type { Coin } from '../store/coins.ts'
import { type Flushed, moveFlushed } from '../store/utxo-state.ts'
import type { CoinCache } from './coin-cache.ts'
import {
  type CoinEntry,
  type CoinKey,
  hasRow,
  isUnspent,
  keyOfBytes,
  memoryOf,
  NOTHING,
  outPointOfKey,
  packCoin,
  SPENT,
  unpackCoin,
  withRow,
} from './pack-coin.ts'
import { writeCoins } from './write-coins.ts'

/**
 * What blocks change about the coins while the database has not committed them, on top of the cache, which keeps none of it unless
 * `commit` is called. A session lives within one database transaction. Where its changes outgrow the cache they go to the table early, in
 * that transaction; from then on the cache is passed over, since it does not know of them.
 */
export class CoinSession {
  readonly #cache: CoinCache
  #changed = new Map<CoinKey, CoinEntry>()
  #bytes = 0
  /** Whether the cache below still tells the truth. */
  #onCache = true
  /** Set when the table has all changes. */
  #flushed: Flushed | undefined

  constructor(cache: CoinCache) {
    this.#cache = cache
  }

  /** Whether the changes, those of the cache included, take what they may. */
  get isFull(): boolean {
    return this.#bytes + (this.#onCache ? this.#cache.dirtyBytes : 0) > this.#cache.dirtyLimit
  }

  /** Whether the changes have to go to the table with this transaction. */
  get mustFlush(): boolean {
    return !this.#onCache || this.isFull
  }

  /** Those of the coins that are unspent; a query only for what is not in memory. */
  async find(sql: TransactionSql, keys: Iterable<CoinKey>): Promise<Map<CoinKey, Coin>> {
    const found = new Map<CoinKey, Coin>()
    const missing: Uint8Array[] = []
    for (const key of keys) {
      const entry = this.#changed.get(key) ?? (this.#onCache ? this.#cache.peek(key) : undefined)
      if (entry === undefined) missing.push(outPointOfKey(key))
      else this.#cache.hits++
      if (entry !== undefined && isUnspent(entry)) found.set(key, unpackCoin(key, entry))
    }
    const read = await this.#cache.readTable(sql, missing, { hold: this.#onCache })
    for (const coin of read) found.set(keyOfBytes(coin.outpoint), coin)
    return found
  }

  /** A coin that is new, or unspent again; no such coin is there now. */
  add(key: CoinKey, coin: Omit<Coin, 'outpoint'>): void {
    this.#cache.addresses.add(coin.scriptPubKey)
    const before = this.#entry(key)
    const entry = packCoin(coin)
    this.#set(key, before !== undefined && hasRow(before) ? withRow(entry) : entry)
  }

  /**
   * A coin that is spent, or whose block is taken off.
   * @param script where it is known, for the lists of its address
   */
  remove(key: CoinKey, script: Uint8Array | undefined): void {
    if (script !== undefined) this.#cache.addresses.add(script)
    const before = this.#entry(key)
    // What nobody has heard of since the last flush can only be in the table.
    this.#set(key, before === undefined || hasRow(before) ? SPENT : NOTHING)
  }

  /** Within the transaction: writes what outgrew the cache to the table, which then stands nowhere until `flush`. */
  async spill(sql: TransactionSql): Promise<void> {
    await this.#write(sql)
    this.#changed = new Map()
    this.#bytes = 0
    this.#onCache = false
  }

  /**
   * Within the transaction: brings the table up to this block.
   * @throws ChainError TIP_MOVED
   */
  async flush(sql: TransactionSql, at: Flushed): Promise<void> {
    await Promise.all([moveFlushed(sql, this.#cache.flushed, at), this.#write(sql)])
    this.#flushed = { hash: at.hash, height: at.height }
  }

  /** Called once the database has committed. */
  commit(): void {
    if (this.#flushed === undefined && !this.#onCache) throw new Error('coins were written, but not up to a block')
    if (!this.#onCache) this.#cache.forget()
    this.#cache.apply(this.#changed)
    if (this.#flushed !== undefined) this.#cache.settle(this.#flushed)
  }

  async #write(sql: TransactionSql): Promise<void> {
    const below = this.#onCache ? this.#cache.dirtyEntries : new Map<CoinKey, CoinEntry>()
    await writeCoins(sql, below, this.#changed)
  }

  #entry(key: CoinKey): CoinEntry | undefined {
    return this.#changed.get(key) ?? (this.#onCache ? this.#cache.dirty(key) : undefined)
  }

  #set(key: CoinKey, entry: CoinEntry): void {
    const before = this.#changed.get(key)
    if (before !== undefined) this.#bytes -= memoryOf(key, before)
    // What is neither here nor below leaves no trace: most coins of a busy chain are made and spent between two flushes.
    if (entry === NOTHING && (!this.#onCache || this.#cache.dirty(key) === undefined)) {
      this.#changed.delete(key)
      return
    }
    this.#changed.set(key, entry)
    this.#bytes += memoryOf(key, entry)
  }
}
