import { type Block, decodeBlock, displayHash, txid } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { findBlock } from '../store/blocks.ts'

/** A block, decoded once. */
export interface LoadedBlock {
  readonly raw: Uint8Array
  readonly block: Block
  /** Ids of its transactions, in order. */
  readonly txids: readonly Uint8Array[]
}

/** Bytes of raw blocks held; decoded they take a few times as much. */
const MAX_BYTES = 16 * 1024 * 1024

/** The blocks that proofs and transactions were asked from last. */
export class BlockCache {
  readonly #byHash = new Map<string, LoadedBlock>()
  #bytes = 0

  /** @throws ChainError BLOCK_NOT_FOUND */
  async load(sql: AnySql, hash: Uint8Array): Promise<LoadedBlock> {
    const key = bytesToHex(hash)
    const cached = this.#byHash.get(key)
    if (cached !== undefined) {
      this.#byHash.delete(key)
      this.#byHash.set(key, cached)
      return cached
    }
    const raw = await findBlock(sql, hash)
    if (raw === undefined) throw new ChainError('BLOCK_NOT_FOUND', `block ${displayHash(hash)} is not here`)
    const loaded = loadBlock(raw)
    this.#remember(key, loaded)
    return loaded
  }

  #remember(key: string, loaded: LoadedBlock): void {
    if (this.#byHash.has(key)) return
    this.#byHash.set(key, loaded)
    this.#bytes += loaded.raw.length
    for (const [oldest, block] of this.#byHash) {
      if (this.#bytes <= MAX_BYTES) break
      this.#byHash.delete(oldest)
      this.#bytes -= block.raw.length
    }
  }
}

/** @throws CodecError where the bytes are no block. */
export function loadBlock(raw: Uint8Array): LoadedBlock {
  const block = decodeBlock(raw)
  return { raw, block, txids: block.transactions.map((transaction) => txid(transaction)) }
}
