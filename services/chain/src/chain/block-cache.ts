import { type Block, decodeBlockWithIds } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import { missingBlock } from '../prune/missing-block.ts'
import { findBlock } from '../store/blocks.ts'

/** A block, decoded once. */
export interface LoadedBlock {
  readonly raw: Uint8Array
  readonly block: Block
  /** Ids of its transactions, in order. */
  readonly txids: readonly Uint8Array[]
}

/** Memory held, bytes. */
const MAX_BYTES = 80 * 1024 * 1024
/** What an input or output, and what a transaction takes beside its bytes, measured: a block of the smallest outputs takes 40 times its size. */
const PART_BYTES = 350
const TRANSACTION_BYTES = 600

/** The blocks that proofs and transactions were asked from last. */
export class BlockCache {
  readonly #byHash = new Map<string, LoadedBlock>()
  #bytes = 0

  get size(): number {
    return this.#byHash.size
  }

  /** @throws ChainError BLOCK_NOT_FOUND, PRUNED */
  async load(sql: AnySql, hash: Uint8Array): Promise<LoadedBlock> {
    const key = bytesToHex(hash)
    const cached = this.#byHash.get(key)
    if (cached !== undefined) {
      this.#byHash.delete(key)
      this.#byHash.set(key, cached)
      return cached
    }
    const raw = await findBlock(sql, hash)
    if (raw === undefined) throw await missingBlock(sql, hash)
    const loaded = loadBlock(raw)
    this.remember(hash, loaded)
    return loaded
  }

  /** Holds a block, and forgets those that were asked for longest ago where they take too much together. */
  remember(hash: Uint8Array, loaded: LoadedBlock): void {
    const key = bytesToHex(hash)
    if (this.#byHash.has(key)) return
    this.#byHash.set(key, loaded)
    this.#bytes += memoryOfBlock(loaded)
    for (const [oldest, block] of this.#byHash) {
      if (this.#bytes <= MAX_BYTES) break
      this.#byHash.delete(oldest)
      this.#bytes -= memoryOfBlock(block)
    }
  }
}

/** What a block takes, bytes. */
export function memoryOfBlock({ raw, block }: LoadedBlock): number {
  const parts = block.transactions.reduce((sum, { vin, vout }) => sum + vin.length + vout.length, 0)
  return raw.length + block.transactions.length * TRANSACTION_BYTES + parts * PART_BYTES
}

/** @throws CodecError where the bytes are no block. */
export function loadBlock(raw: Uint8Array): LoadedBlock {
  return { raw, ...decodeBlockWithIds(raw) }
}
