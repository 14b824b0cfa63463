import { isFinal, type NetworkParams } from '@camelid/consensus'
import type { Entry, Mempool } from '../mempool/mempool.ts'
import { ancestorsOf, descendantsOf, type MempoolNode } from '../mempool/mempool-node.ts'
import { Heap } from './heap.ts'

export interface Selection {
  /** Parents before children. */
  readonly entries: readonly Entry[]
  /** Base units. */
  readonly fees: bigint
}

interface SelectionContext {
  /** Of the block. */
  readonly height: number
  /** Median time past of its parent, Unix seconds. */
  readonly medianTime: number
  readonly params: Pick<NetworkParams, 'maxBlockBytes' | 'maxBlockSigops'>
}

/** A transaction with all that it rests on and that is not in the block yet: its fee rate is that of them together. */
interface Package extends Readonly<Sizes> {
  readonly node: MempoolNode
}

interface Sizes {
  bytes: number
  /** Base units, for ordering only. */
  fee: number
  sigops: number
}

/** Bytes and sigops kept free for header, count and coinbase. */
const RESERVED_BYTES = 1_000
const RESERVED_SIGOPS = 400
/** So many packages in a row may not fit once so little room is left: the last bytes are not worth a walk over all that waits. */
const MAX_MISFITS = 1_000
const LITTLE_ROOM_BYTES = 4_000

/**
 * The transactions of a template: again and again the package of the best fee rate, so that a child pays for its parents, as far as there
 * is room, all lock times are over, and nothing settles a job twice. A heap holds the packages: time goes with n·log n.
 */
export function selectTransactions(mempool: Mempool, context: SelectionContext): Selection {
  const block = new BlockInMaking(context)
  const packages: Package[] = []
  for (const node of mempool.nodes()) if (block.isFinal(node)) packages.push({ node, ...sizesOf(node) })
  const heap = new Heap<Package>(isBetter, packages)
  for (let misfits = 0; misfits < MAX_MISFITS; ) {
    const best = heap.pop()
    if (best === undefined) break
    // What came in since may have made it another package, which waits at a place of its own.
    if (block.isChosen(best.node) || block.bytesLeftOf(best.node) !== best.bytes) continue
    const changed = block.take(best)
    if (changed === undefined) {
      if (block.room < LITTLE_ROOM_BYTES) misfits++
      continue
    }
    misfits = 0
    for (const one of changed) heap.push(one)
  }
  return { entries: block.entries, fees: block.fees }
}

class BlockInMaking {
  readonly entries: Entry[] = []
  fees = 0n
  /** Bytes left. */
  room: number
  #sigops: number
  readonly #context: SelectionContext
  readonly #chosen = new Set<MempoolNode>()
  /** What is left of packages of which a part is chosen already. */
  readonly #rest = new Map<MempoolNode, Sizes>()
  readonly #settled = new Set<string>()

  constructor(context: SelectionContext) {
    this.#context = context
    this.room = context.params.maxBlockBytes - RESERVED_BYTES
    this.#sigops = context.params.maxBlockSigops - RESERVED_SIGOPS
  }

  isFinal({ entry }: MempoolNode): boolean {
    return isFinal(entry.tx, this.#context.height, this.#context.medianTime)
  }

  isChosen(node: MempoolNode): boolean {
    return this.#chosen.has(node)
  }

  bytesLeftOf(node: MempoolNode): number {
    return (this.#rest.get(node) ?? node.ancestors).bytes
  }

  /** Puts a package into the block and returns those that it makes smaller; undefined, with nothing changed, where it cannot be in. */
  take({ node, bytes, sigops }: Package): Package[] | undefined {
    if (bytes > this.room || sigops > this.#sigops) return undefined
    const members = this.#membersOf(node)
    if (!this.#maySettle(members)) return undefined
    if (members.length > 1 && !members.every((member) => this.isFinal(member))) return undefined
    for (const member of members) {
      this.#chosen.add(member)
      this.entries.push(member.entry)
      this.fees += member.entry.fee
      if (member.entry.settlement !== null) this.#settled.add(member.entry.settlement)
    }
    this.room -= bytes
    this.#sigops -= sigops
    return this.#shrinkBelow(members)
  }

  /** Takes what was chosen out of the packages of all that rest on it. */
  #shrinkBelow(members: readonly MempoolNode[]): Package[] {
    const changed = new Set<MempoolNode>()
    for (const member of members) {
      if (member.children.size === 0) continue
      for (const below of descendantsOf(member)) {
        if (this.#chosen.has(below)) continue
        this.#shrink(below, member)
        changed.add(below)
      }
    }
    return [...changed].flatMap((node) => {
      const rest = this.#rest.get(node)
      return rest === undefined ? [] : [{ node, ...rest }]
    })
  }

  /** What of a package is not in the block yet, parents before children: who rests on another has more ancestors than it. */
  #membersOf(node: MempoolNode): MempoolNode[] {
    if (node.parents.size === 0) return [node]
    const missing = [...ancestorsOf(node)].filter((ancestor) => !this.#chosen.has(ancestor))
    return [...missing.sort((a, b) => a.ancestors.count - b.ancestors.count), node]
  }

  #maySettle(members: readonly MempoolNode[]): boolean {
    const settlements = members.flatMap(({ entry }) => entry.settlement ?? [])
    return new Set(settlements).size === settlements.length && !settlements.some((one) => this.#settled.has(one))
  }

  #shrink(node: MempoolNode, chosen: MempoolNode): void {
    const rest = this.#rest.get(node) ?? sizesOf(node)
    this.#rest.set(node, rest)
    rest.bytes -= chosen.entry.raw.length
    rest.fee -= Number(chosen.entry.fee)
    rest.sigops -= chosen.entry.sigops
  }
}

function sizesOf({ ancestors: { bytes, fee, sigops } }: MempoolNode): Sizes {
  return { bytes, fee, sigops }
}

/** By fee rate; of equals the smaller first, which leaves more choice. */
function isBetter(a: Package, b: Package): boolean {
  const left = a.fee * b.bytes
  const right = b.fee * a.bytes
  return left === right ? a.bytes < b.bytes : left > right
}
