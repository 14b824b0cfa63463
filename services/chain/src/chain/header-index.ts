import { type BlockHeader, displayHash } from '@camelid/codec'
import { childNode, medianTimePast, type NetworkParams } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { findHeader, findHeaders, type IndexedHeader, listAncestors } from '../store/headers.ts'

const MEDIAN_SPAN = 11
/** About 1,200 bytes each; more than a message of headers and the part of the way whose blocks are wanted. */
const CACHE_LIMIT = 8_000
/** Ancestors read in one query. */
const BATCH = 2_000

/** The tree of headers: the newest ones in memory, all of them in the database. */
export class HeaderIndex {
  readonly #cache = new Map<string, IndexedHeader>()
  readonly #sql: AnySql

  constructor(sql: AnySql) {
    this.#sql = sql
  }

  async find(hash: Uint8Array): Promise<IndexedHeader | undefined> {
    const key = bytesToHex(hash)
    const cached = this.#cache.get(key)
    if (cached !== undefined) return cached
    const found = await findHeader(this.#sql, hash)
    if (found !== undefined) this.remember(found)
    return found
  }

  /** Those of the headers that are known, by hash in hex; one query at most. */
  async findAll(hashes: readonly Uint8Array[]): Promise<Map<string, IndexedHeader>> {
    const found = new Map<string, IndexedHeader>()
    const unknown = hashes.filter((hash) => {
      const cached = this.#cache.get(bytesToHex(hash))
      if (cached !== undefined) found.set(bytesToHex(hash), cached)
      return cached === undefined
    })
    for (const node of await findHeaders(this.#sql, unknown)) {
      found.set(bytesToHex(node.hash), node)
      this.remember(node)
    }
    return found
  }

  /** @throws ChainError CORRUPT_DATABASE where a header that must be there is not. */
  async require(hash: Uint8Array): Promise<IndexedHeader> {
    const found = await this.find(hash)
    if (found === undefined)
      throw new ChainError(
        'CORRUPT_DATABASE',
        `header ${displayHash(hash)} is missing from the database: start from an empty one`,
      )
    return found
  }

  parentOf(node: IndexedHeader): Promise<IndexedHeader> {
    return this.require(node.header.prevHash)
  }

  /** A header and its ancestors, down to the first; many at a time where they are not in memory. @throws ChainError CORRUPT_DATABASE */
  async *back(from: IndexedHeader): AsyncGenerator<IndexedHeader> {
    let last = this.#cache.get(bytesToHex(from.hash)) ?? from
    yield last
    while (last.height > 0) {
      const hash = last.header.prevHash
      const cached = this.#cache.get(bytesToHex(hash))
      const ancestors = cached === undefined ? await listAncestors(this.#sql, hash, BATCH) : [cached]
      for (const node of ancestors) {
        if (node !== cached) this.remember(node)
        yield node
        last = node
      }
      if (ancestors.length === 0) await this.require(hash)
    }
  }

  /** Only what the database has committed may be remembered. */
  remember(node: IndexedHeader): void {
    const key = bytesToHex(node.hash)
    this.#cache.delete(key)
    this.#cache.set(key, node)
    if (this.#cache.size <= CACHE_LIMIT) return
    const oldest = this.#cache.keys().next().value
    if (oldest !== undefined) this.#cache.delete(oldest)
  }

  /** Changes what is known of the blocks of these headers, where they are in memory. */
  update(hashes: readonly Uint8Array[], change: Partial<Pick<IndexedHeader, 'hasBlock' | 'linked' | 'invalid'>>): void {
    for (const hash of hashes) {
      const cached = this.#cache.get(bytesToHex(hash))
      if (cached !== undefined) this.#cache.set(bytesToHex(hash), { ...cached, ...change })
    }
  }

  /** Forgets all, so that the database is asked again. */
  clear(): void {
    this.#cache.clear()
  }

  /** The node of a header on `parent`; `recent` holds nodes not yet stored, by hash in hex. */
  async child(
    parent: IndexedHeader,
    header: BlockHeader,
    options: { hash: Uint8Array; params: NetworkParams; recent?: ReadonlyMap<string, IndexedHeader> },
  ): Promise<IndexedHeader> {
    const times = [header.time]
    let ancestor = parent
    while (times.length < MEDIAN_SPAN) {
      times.push(ancestor.header.time)
      if (ancestor.height === 0) break
      const hash = ancestor.header.prevHash
      ancestor = options.recent?.get(bytesToHex(hash)) ?? (await this.require(hash))
    }
    const node = childNode(parent, header, options.params, options.hash)
    return {
      ...node,
      medianTime: medianTimePast(times.reverse()),
      hasBlock: false,
      linked: false,
      invalid: parent.invalid,
    }
  }
}
