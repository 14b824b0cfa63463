import type { AnySql } from '@camelid/store'
import { type Coin, findCoins } from '../store/coins.ts'
import type { Flushed } from '../store/utxo-state.ts'
import { AddressFilter } from './address-filter.ts'
import { CoinSession } from './coin-session.ts'
import {
  type CoinEntry,
  type CoinKey,
  isUnspent,
  keyOfBytes,
  memoryOf,
  NOTHING,
  packCoin,
  unpackCoin,
} from './pack-coin.ts'

/** Part of the limit that changes may take before they are flushed; the rest is for coins as the table has them. */
const DIRTY_SHARE = 0.75
/** Outpoints asked for in one query. */
const BATCH = 5_000

/**
 * The coins in memory, over the table `utxos`: what blocks changed since the table was last written (dirty), and coins as the table has
 * them that were asked for last (clean), bounded together. It stands at the tip; the table at `flushed`, an ancestor of it. Changes come
 * through a session, after the database committed the blocks that made them.
 */
export class CoinCache {
  readonly limitBytes: number
  readonly addresses = new AddressFilter()
  /** How often a coin was found here, or had to be looked for in the table. */
  hits = 0
  misses = 0
  readonly #dirty = new Map<CoinKey, CoinEntry>()
  readonly #clean = new Map<CoinKey, CoinEntry>()
  #dirtyBytes = 0
  #cleanBytes = 0
  #flushed: Flushed
  #changes = 0

  /** @param flushed the block up to which the table stands, which has to be that of the tip */
  constructor(limitBytes: number, flushed: Flushed) {
    this.limitBytes = limitBytes
    this.#flushed = flushed
  }

  get bytes(): number {
    return this.#dirtyBytes + this.#cleanBytes
  }

  get dirtyBytes(): number {
    return this.#dirtyBytes
  }

  /** Bytes of changes from which on they are to be flushed. */
  get dirtyLimit(): number {
    return this.limitBytes * DIRTY_SHARE
  }

  /** The block up to which the table stands. */
  get flushed(): Flushed {
    return this.#flushed
  }

  get dirtyEntries(): ReadonlyMap<CoinKey, CoinEntry> {
    return this.#dirty
  }

  /** What blocks changed about a coin since the last flush. */
  dirty(key: CoinKey): CoinEntry | undefined {
    return this.#dirty.get(key)
  }

  /** What is known of a coin, spent or not; undefined where only the table knows. */
  peek(key: CoinKey): CoinEntry | undefined {
    return this.#dirty.get(key) ?? this.#clean.get(key)
  }

  /** Those of the outpoints (36 bytes) that are unspent at the tip, by key; queries only for what is not here. */
  async find(sql: AnySql, outpoints: Iterable<Uint8Array>): Promise<Map<CoinKey, Coin>> {
    const found = new Map<CoinKey, Coin>()
    const missing: Uint8Array[] = []
    for (const outpoint of outpoints) {
      const key = keyOfBytes(outpoint)
      const entry = this.peek(key)
      if (entry === undefined) missing.push(outpoint)
      else this.hits++
      if (entry !== undefined && isUnspent(entry)) found.set(key, unpackCoin(key, entry))
    }
    for (const coin of await this.readTable(sql, missing, { hold: true })) found.set(keyOfBytes(coin.outpoint), coin)
    return found
  }

  /** Coins of the table by outpoints of which nothing is known here. @param options.hold whether they are as the database committed them */
  async readTable(
    sql: AnySql,
    outpoints: readonly Uint8Array[],
    { hold }: { readonly hold: boolean },
  ): Promise<Coin[]> {
    const coins: Coin[] = []
    const changes = this.#changes
    this.misses += outpoints.length
    for (let at = 0; at < outpoints.length; at += BATCH)
      coins.push(...(await findCoins(sql, outpoints.slice(at, at + BATCH))))
    // What came in between may have changed these.
    if (hold && changes === this.#changes)
      for (const coin of coins) this.#putClean(keyOfBytes(coin.outpoint), packCoin(coin))
    return coins
  }

  /** Changes that are tried on top of this: see there. */
  begin(): CoinSession {
    return new CoinSession(this)
  }

  /** Takes over what a session changed, now that the database has committed it. */
  apply(changed: ReadonlyMap<CoinKey, CoinEntry>): void {
    this.#changes++
    for (const [key, entry] of changed) {
      this.#removeClean(key)
      this.#removeDirty(key)
      if (entry !== NOTHING) this.#setDirty(key, entry)
    }
    this.#evict()
  }

  /** The table has all changes now, up to this block. */
  settle(flushed: Flushed): void {
    this.#changes++
    this.#dirtyBytes = 0
    for (const [key, entry] of this.#dirty) if (isUnspent(entry)) this.#putClean(key, entry)
    this.#dirty.clear()
    this.#flushed = flushed
    this.addresses.clear()
  }

  /** Forgets all coins: the table has them, or what it has is not known. */
  forget(): void {
    this.#changes++
    this.#dirty.clear()
    this.#clean.clear()
    this.#dirtyBytes = 0
    this.#cleanBytes = 0
  }

  /** Forgets all, after a failure that leaves open what the database has: the table is the truth again, up to `flushed`. */
  reset(flushed: Flushed): void {
    this.forget()
    this.settle(flushed)
  }

  #setDirty(key: CoinKey, entry: CoinEntry): void {
    this.#dirty.set(key, entry)
    this.#dirtyBytes += memoryOf(key, entry)
  }

  #removeDirty(key: CoinKey): void {
    const entry = this.#dirty.get(key)
    if (entry === undefined) return
    this.#dirty.delete(key)
    this.#dirtyBytes -= memoryOf(key, entry)
  }

  #putClean(key: CoinKey, entry: CoinEntry): void {
    if (this.#clean.has(key)) return
    this.#clean.set(key, entry)
    this.#cleanBytes += memoryOf(key, entry)
    if (this.bytes > this.limitBytes) this.#evict()
  }

  #removeClean(key: CoinKey): void {
    const entry = this.#clean.get(key)
    if (entry === undefined) return
    this.#clean.delete(key)
    this.#cleanBytes -= memoryOf(key, entry)
  }

  /** Clean coins go, the longest held first, where all take too much together. */
  #evict(): void {
    for (const key of this.#clean.keys()) {
      if (this.bytes <= this.limitBytes) return
      this.#removeClean(key)
    }
  }
}
