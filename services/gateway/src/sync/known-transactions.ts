import { LruMap } from '../lru-map.ts'

const MAX_KNOWN = 50_000
/** Who announced it may never send it: after so long the next to announce it is asked. */
const ASK_AGAIN_MS = 30_000

/** Which transactions were asked for or are ours, by txid in hex. */
export class KnownTransactions {
  readonly #heard = new LruMap<string, number>(MAX_KNOWN)

  /** Notes an announcement; true where the transaction should be asked for. */
  firstHeard(txid: string, nowMs: number): boolean {
    const until = this.#heard.get(txid)
    if (until !== undefined && until > nowMs) return false
    this.#heard.set(txid, nowMs + ASK_AGAIN_MS)
    return true
  }

  /** Our own mempool took it. */
  took(txid: string): void {
    this.#heard.set(txid, Number.POSITIVE_INFINITY)
  }
}
