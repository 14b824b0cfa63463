/** Of one transaction. Strangers may come under new keys for as long as they like, to tell of the same. */
const MAX_TELLERS = 32

/**
 * Who told us of a transaction, by txid in hex: of those that came lately, between the first telling and the moment when we tell all
 * others. Whole halves are forgotten at once; who is forgotten is told what it knows, which costs 32 bytes.
 */
export class Tellers {
  readonly #half: number
  #young = new Map<string, string[]>()
  #old: ReadonlyMap<string, string[]> = new Map()

  /** @param max transactions held at most; the last half of them at least */
  constructor(max: number) {
    this.#half = Math.max(1, Math.floor(max / 2))
  }

  /** @param teller h2 in hex */
  add(txid: string, teller: string): void {
    const tellers = this.#young.get(txid) ?? this.#old.get(txid)
    if (tellers !== undefined) {
      if (tellers.length < MAX_TELLERS && !tellers.includes(teller)) tellers.push(teller)
      return
    }
    this.#young.set(txid, [teller])
    if (this.#young.size < this.#half) return
    this.#old = this.#young
    this.#young = new Map()
  }

  /** Which of some transactions each teller knows, by its h2. */
  knownOf(txids: Iterable<string>): Map<string, Set<string>> {
    const known = new Map<string, Set<string>>()
    for (const txid of txids) {
      for (const teller of this.#young.get(txid) ?? this.#old.get(txid) ?? []) {
        const its = known.get(teller)
        if (its === undefined) known.set(teller, new Set([txid]))
        else its.add(txid)
      }
    }
    return known
  }
}
