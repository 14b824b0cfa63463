import { outPointKey, type Transaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { FeeFloor } from './fee-floor.ts'
import { descendantsOf, LinkedNode, type MempoolNode, reach } from './mempool-node.ts'

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

/** What an entry, and each input and output of it, costs beyond its bytes: objects, maps and strings, measured. */
const OVERHEAD_BYTES = 1_700
const PART_BYTES = 350

/** Base units a byte, for ordering only. */
export function feeRate(entry: Pick<Entry, 'fee' | 'raw'>): number {
  return Number(entry.fee) / entry.raw.length
}

/** Memory that an entry takes, roughly. */
export function sizeOf({ raw, tx }: Pick<Entry, 'raw' | 'tx'>): number {
  return raw.length * 2 + (tx.vin.length + tx.vout.length) * PART_BYTES + OVERHEAD_BYTES
}

/** The transactions that wait, who spends what among them and who rests on whom. Rules are the callers'. */
export class Mempool {
  readonly #nodes = new Map<string, LinkedNode>()
  readonly #spenders = new Map<string, LinkedNode>()
  readonly #byJob = new Map<string, LinkedNode>()
  readonly #bySettlement = new Map<string, Set<LinkedNode>>()
  /** What a transaction must pay since others that paid less gave way. */
  readonly floor = new FeeFloor()
  #bytes = 0
  #version = 0

  get size(): number {
    return this.#nodes.size
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
    return this.#nodes.get(key)?.entry
  }

  node(key: string): MempoolNode | undefined {
    return this.#nodes.get(key)
  }

  *values(): Generator<Entry> {
    for (const { entry } of this.#nodes.values()) yield entry
  }

  /** In the order they came. */
  nodes(): Iterable<MempoolNode> {
    return this.#nodes.values()
  }

  clear(): void {
    for (const index of [this.#nodes, this.#spenders, this.#byJob, this.#bySettlement]) index.clear()
    this.floor.clear()
    this.#bytes = 0
    this.#version++
  }

  add(entry: Entry): void {
    const node = new LinkedNode(entry)
    this.#nodes.set(entry.key, node)
    for (const input of entry.tx.vin) this.#spenders.set(outPointKey(input.prevout), node)
    if (entry.jobId !== null) this.#byJob.set(bytesToHex(entry.jobId), node)
    if (entry.settlement !== null) {
      const same = this.#bySettlement.get(entry.settlement) ?? new Set()
      this.#bySettlement.set(entry.settlement, same.add(node))
    }
    node.link(this.#parentsOf(entry.tx), this.#childrenOf(entry))
    this.#bytes += sizeOf(entry)
    this.#version++
  }

  remove(key: string): Entry | undefined {
    const node = this.#nodes.get(key)
    if (node === undefined) return undefined
    const { entry } = node
    this.#nodes.delete(key)
    for (const input of entry.tx.vin) {
      const outpoint = outPointKey(input.prevout)
      if (this.#spenders.get(outpoint) === node) this.#spenders.delete(outpoint)
    }
    if (entry.jobId !== null && this.#byJob.get(bytesToHex(entry.jobId)) === node)
      this.#byJob.delete(bytesToHex(entry.jobId))
    if (entry.settlement !== null) {
      const same = this.#bySettlement.get(entry.settlement)
      same?.delete(node)
      if (same?.size === 0) this.#bySettlement.delete(entry.settlement)
    }
    node.unlink()
    this.#bytes -= sizeOf(entry)
    this.#version++
    return entry
  }

  /** The entry that spends an output. */
  spenderOf(outpointKey: string): Entry | undefined {
    return this.#spenders.get(outpointKey)?.entry
  }

  reservationOf(jobId: Uint8Array): Entry | undefined {
    return this.#byJob.get(bytesToHex(jobId))?.entry
  }

  /** Entries that would add the same settlement entry: only one of them can be mined. */
  withSettlement(settlement: string): Entry[] {
    return [...(this.#bySettlement.get(settlement) ?? [])].map(({ entry }) => entry)
  }

  /** All unconfirmed entries that a transaction rests on. It need not be here itself. */
  ancestorsOf(tx: Transaction): Set<MempoolNode> {
    const parents = this.#parentsOf(tx)
    return parents.length === 0 ? new Set() : reach<LinkedNode>(parents, ({ parents: next }) => next)
  }

  /** The entry and all that rest on it, parents before children. */
  withDescendants(key: string): Entry[] {
    const node = this.#nodes.get(key)
    if (node === undefined) return []
    return inOrder([node, ...descendantsOf(node)])
  }

  #parentsOf(tx: Transaction): LinkedNode[] {
    const keys = tx.vin.map((input) => bytesToHex(input.prevout.txid))
    return [...(keys.length > 1 ? new Set(keys) : keys)].flatMap((key) => this.#nodes.get(key) ?? [])
  }

  /** They are here first only where a disconnected block gave their parent back. */
  #childrenOf({ key, tx }: Entry): LinkedNode[] {
    const children = tx.vout.flatMap((_, index) => this.#spenders.get(`${key}:${index}`) ?? [])
    return children.length > 1 ? [...new Set(children)] : children
  }
}

/** Entries with parents before children: whoever rests on another has more ancestors than it. */
function inOrder(nodes: readonly MempoolNode[]): Entry[] {
  return nodes.toSorted((a, b) => a.ancestors.count - b.ancestors.count).map(({ entry }) => entry)
}
