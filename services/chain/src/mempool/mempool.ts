import { outPointKey, type Transaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'

/** A transaction that waits for a block. */
export interface Entry {
  readonly txid: Uint8Array
  /** txid in hex, internal order. */
  readonly key: string
  readonly tx: Transaction
  readonly raw: Uint8Array
  /** Base units. */
  readonly fee: bigint
  readonly sigops: number
  /** Set for a reservation: F or P of a job (protocol: Job). */
  readonly jobId: Uint8Array | null
  /** What it would add under the settlement rule, as text; null if nothing. */
  readonly settlement: string | null
  /** It spends a bond by verdict: judged again at each tip. */
  readonly byVerdict: boolean
  /** Unix milliseconds. */
  readonly addedAtMs: number
}

/** What an entry costs beyond its bytes: objects, maps and strings, measured roughly. */
const OVERHEAD_BYTES = 1_000

/** Base units a byte, for ordering only. */
export function feeRate(entry: Pick<Entry, 'fee' | 'raw'>): number {
  return Number(entry.fee) / entry.raw.length
}

/** The transactions that wait, and who spends what among them. Rules are the callers'. */
export class Mempool {
  readonly #entries = new Map<string, Entry>()
  readonly #spenders = new Map<string, string>()
  readonly #byJob = new Map<string, string>()
  readonly #bySettlement = new Map<string, Set<string>>()
  #bytes = 0
  #version = 0
  /** Base units a byte: what paid no more gave way, or was refused, when there was no room; see `refuseTooCheap`. */
  floor = 0

  get size(): number {
    return this.#entries.size
  }

  /** Memory taken, roughly. */
  get bytes(): number {
    return this.#bytes
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  values(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.remove(key)
    this.floor = 0
  }

  add(entry: Entry): void {
    this.#entries.set(entry.key, entry)
    for (const input of entry.tx.vin) this.#spenders.set(outPointKey(input.prevout), entry.key)
    if (entry.jobId !== null) this.#byJob.set(bytesToHex(entry.jobId), entry.key)
    if (entry.settlement !== null) {
      const same = this.#bySettlement.get(entry.settlement) ?? new Set()
      this.#bySettlement.set(entry.settlement, same.add(entry.key))
    }
    this.#bytes += sizeOf(entry)
    this.#version++
  }

  remove(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    for (const input of entry.tx.vin) {
      const outpoint = outPointKey(input.prevout)
      if (this.#spenders.get(outpoint) === key) this.#spenders.delete(outpoint)
    }
    if (entry.jobId !== null && this.#byJob.get(bytesToHex(entry.jobId)) === key)
      this.#byJob.delete(bytesToHex(entry.jobId))
    if (entry.settlement !== null) {
      const same = this.#bySettlement.get(entry.settlement)
      same?.delete(key)
      if (same?.size === 0) this.#bySettlement.delete(entry.settlement)
    }
    this.#bytes -= sizeOf(entry)
    this.#version++
    return entry
  }

  /** The entry that spends an output. */
  spenderOf(outpointKey: string): Entry | undefined {
    const key = this.#spenders.get(outpointKey)
    return key === undefined ? undefined : this.#entries.get(key)
  }

  reservationOf(jobId: Uint8Array): Entry | undefined {
    const key = this.#byJob.get(bytesToHex(jobId))
    return key === undefined ? undefined : this.#entries.get(key)
  }

  /** Entries that would add the same settlement entry: only one of them can be mined. */
  withSettlement(settlement: string): Entry[] {
    return [...(this.#bySettlement.get(settlement) ?? [])].flatMap((key) => this.#entries.get(key) ?? [])
  }

  /** Entries whose outputs this one spends. */
  parentsOf(tx: Transaction): Entry[] {
    const keys = new Set(tx.vin.map((input) => bytesToHex(input.prevout.txid)))
    return [...keys].flatMap((key) => this.#entries.get(key) ?? [])
  }

  /** All unconfirmed entries a transaction rests on; stops counting above `limit`. */
  ancestorsOf(tx: Transaction, limit: number): Set<string> {
    const ancestors = new Set<string>()
    const queue = this.parentsOf(tx)
    for (let entry = queue.pop(); entry !== undefined && ancestors.size <= limit; entry = queue.pop()) {
      if (ancestors.has(entry.key)) continue
      ancestors.add(entry.key)
      queue.push(...this.parentsOf(entry.tx))
    }
    return ancestors
  }

  /** The entry and all that rest on it, parents before children. */
  withDescendants(key: string): Entry[] {
    const found = new Map<string, Entry>()
    const queue = [key]
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const entry = this.#entries.get(next)
      if (entry === undefined || found.has(next)) continue
      found.set(next, entry)
      entry.tx.vout.forEach((_, index) => {
        const spender = this.#spenders.get(`${entry.key}:${index}`)
        if (spender !== undefined) queue.push(spender)
      })
    }
    return [...found.values()]
  }
}

function sizeOf(entry: Entry): number {
  return entry.raw.length * 2 + OVERHEAD_BYTES
}
