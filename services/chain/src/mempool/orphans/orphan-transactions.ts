import type { Incoming } from '../accept-batch.ts'

/** Bounds of what waits: in all, and of one peer. */
export interface OrphanLimits {
  readonly count: number
  readonly bytes: number
  readonly countOfPeer: number
  readonly bytesOfPeer: number
  /** How long one waits for its parent. */
  readonly lifeMs: number
}

/** As Bitcoin's order of size: the parent is seconds away, or it does not come. */
const LIMITS: OrphanLimits = {
  count: 2_000,
  bytes: 10 * 1024 * 1024,
  countOfPeer: 100,
  bytesOfPeer: 1024 * 1024,
  lifeMs: 5 * 60_000,
}

interface Orphan {
  readonly incoming: Incoming
  readonly peer: string
  readonly parents: readonly string[]
  readonly expiresAtMs: number
}

/** Transactions of peers whose parents have not been seen, the oldest first. A peer that sends too many pushes out its own. */
export class OrphanTransactions {
  readonly #limits: OrphanLimits
  readonly #orphans = new Map<string, Orphan>()
  readonly #byParent = new Map<string, Set<string>>()
  readonly #byPeer = new Map<string, Set<string>>()
  readonly #bytesOfPeer = new Map<string, number>()
  #bytes = 0

  constructor(limits: OrphanLimits = LIMITS) {
    this.#limits = limits
  }

  get size(): number {
    return this.#orphans.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Keeps what a peer sent until one of its parents, txids in hex, comes. One that waited before keeps its time. */
  add(incoming: Incoming, { parents, nowMs }: { readonly parents: readonly string[]; readonly nowMs: number }): void {
    this.#expire(nowMs)
    const { peer, expiresAtMs = nowMs + this.#limits.lifeMs } = incoming
    const { key, raw } = incoming.parsed
    if (peer === null || expiresAtMs <= nowMs || this.#orphans.has(key)) return
    if (raw.length > this.#limits.bytesOfPeer) return
    this.#orphans.set(key, { incoming, peer, parents, expiresAtMs })
    for (const parent of parents) grow(this.#byParent, parent, key)
    grow(this.#byPeer, peer, key)
    this.#count(peer, raw.length)
    this.#shrink(peer)
  }

  /** Takes out what waited for a transaction: it is judged again, and may wait again for another parent. */
  takeChildren(parent: string): Incoming[] {
    return [...(this.#byParent.get(parent) ?? [])].flatMap((key) => {
      const orphan = this.#remove(key)
      return orphan === undefined ? [] : [{ ...orphan.incoming, answer: null, expiresAtMs: orphan.expiresAtMs }]
    })
  }

  /** One that comes by another way waits no more. */
  #remove(key: string): Orphan | undefined {
    const orphan = this.#orphans.get(key)
    if (orphan === undefined) return undefined
    this.#orphans.delete(key)
    for (const parent of orphan.parents) shrink(this.#byParent, parent, key)
    shrink(this.#byPeer, orphan.peer, key)
    this.#count(orphan.peer, -orphan.incoming.parsed.raw.length)
    return orphan
  }

  #expire(nowMs: number): void {
    // Those that were put back stand behind their time; they go with the next that expires before them, or for want of room.
    for (const [key, { expiresAtMs }] of this.#orphans) {
      if (expiresAtMs > nowMs) break
      this.#remove(key)
    }
  }

  #shrink(peer: string): void {
    const { count, bytes, countOfPeer, bytesOfPeer } = this.#limits
    while ((this.#byPeer.get(peer)?.size ?? 0) > countOfPeer || (this.#bytesOfPeer.get(peer) ?? 0) > bytesOfPeer)
      this.#removeOldestOf(peer)
    while (this.#orphans.size > count || this.#bytes > bytes) this.#removeOldestOf(this.#greediest())
  }

  #removeOldestOf(peer: string): void {
    for (const key of this.#byPeer.get(peer) ?? []) {
      this.#remove(key)
      return
    }
  }

  #greediest(): string {
    let most = { peer: '', bytes: -1 }
    for (const [peer, bytes] of this.#bytesOfPeer) if (bytes > most.bytes) most = { peer, bytes }
    return most.peer
  }

  #count(peer: string, bytes: number): void {
    this.#bytes += bytes
    const sum = (this.#bytesOfPeer.get(peer) ?? 0) + bytes
    if (sum > 0) this.#bytesOfPeer.set(peer, sum)
    else this.#bytesOfPeer.delete(peer)
  }
}

function grow(index: Map<string, Set<string>>, name: string, key: string): void {
  index.set(name, (index.get(name) ?? new Set()).add(key))
}

function shrink(index: Map<string, Set<string>>, name: string, key: string): void {
  const keys = index.get(name)
  keys?.delete(key)
  if (keys?.size === 0) index.delete(name)
}
