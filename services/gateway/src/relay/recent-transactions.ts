/** Bytes that are kept, and what one entry takes beside its transaction. */
const MAX_BYTES = 8 * 1024 * 1024
const ENTRY_BYTES = 256

/**
 * Transactions that our chain took lately, as they came from peers: each is asked for by some other peer soon after it was told of, and
 * the chain need not be asked for it again. Keys are txids in hex.
 */
export class RecentTransactions {
  readonly #maxBytes: number
  readonly #transactions = new Map<string, Uint8Array>()
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  get(key: string): Uint8Array | undefined {
    return this.#transactions.get(key)
  }

  /** The oldest make room for it. */
  add(key: string, transaction: Uint8Array): void {
    if (this.#transactions.has(key)) return
    // What is part of a larger buffer would keep all of it.
    const kept = transaction.byteLength === transaction.buffer.byteLength ? transaction : transaction.slice()
    this.#transactions.set(key, kept)
    this.#bytes += kept.length + ENTRY_BYTES
    for (const [oldest, { length }] of this.#transactions) {
      if (this.#bytes <= this.#maxBytes) break
      this.#transactions.delete(oldest)
      this.#bytes -= length + ENTRY_BYTES
    }
  }
}
