import type { Entry } from './mempool.ts'

/** Sums over a set of entries. */
export interface Totals {
  readonly count: number
  readonly bytes: number
  /** Base units, for ordering only: a sum beyond 2^53 is not exact. */
  readonly fee: number
  readonly sigops: number
}

/** An entry among those that it rests on and that rest on it. */
export interface MempoolNode {
  readonly entry: Entry
  readonly parents: ReadonlySet<MempoolNode>
  readonly children: ReadonlySet<MempoolNode>
  /** Over the entry and all unconfirmed ones that it rests on. */
  readonly ancestors: Totals
  /** Over the entry and all that rest on it. */
  readonly descendants: Totals
}

/** Shared by the many that have none: sets of their own would take more memory than the entries. */
const NOBODY: ReadonlySet<never> = new Set<never>()

/** A node as the mempool itself knows it. */
export class LinkedNode implements MempoolNode {
  readonly entry: Entry
  readonly own: Totals
  ancestors: Totals
  descendants: Totals
  #parents: Set<LinkedNode> | undefined
  #children: Set<LinkedNode> | undefined

  constructor(entry: Entry) {
    this.entry = entry
    this.own = { count: 1, bytes: entry.raw.length, fee: Number(entry.fee), sigops: entry.sigops }
    this.ancestors = this.own
    this.descendants = this.own
  }

  get parents(): ReadonlySet<LinkedNode> {
    return this.#parents ?? NOBODY
  }

  get children(): ReadonlySet<LinkedNode> {
    return this.#children ?? NOBODY
  }

  /** Links the node and brings the sums of all concerned up to date. */
  link(parents: Iterable<LinkedNode>, children: Iterable<LinkedNode>): void {
    for (const parent of parents) LinkedNode.#join(parent, this)
    for (const child of children) LinkedNode.#join(this, child)
    const above = ancestorsOf<LinkedNode>(this)
    const below = descendantsOf<LinkedNode>(this)
    if (below.size === 0) {
      // As good as always: what is new has no children yet.
      for (const node of above) {
        this.ancestors = plus(this.ancestors, node.own)
        node.descendants = plus(node.descendants, this.own)
      }
    } else sumAnew([this, ...above, ...below])
  }

  /** Takes the node out of its family and brings the sums of all concerned up to date. */
  unlink(): void {
    const above = ancestorsOf<LinkedNode>(this)
    const below = descendantsOf<LinkedNode>(this)
    for (const parent of this.parents) parent.#children?.delete(this)
    for (const child of this.children) child.#parents?.delete(this)
    if (above.size === 0) for (const node of below) node.ancestors = minus(node.ancestors, this.own)
    else if (below.size === 0) for (const node of above) node.descendants = minus(node.descendants, this.own)
    // Out of the middle: who was related through it alone is no longer.
    else sumAnew([...above, ...below])
  }

  static #join(parent: LinkedNode, child: LinkedNode): void {
    parent.#children ??= new Set()
    child.#parents ??= new Set()
    parent.#children.add(child)
    child.#parents.add(parent)
  }
}

/** All that a node rests on, itself left out. */
export function ancestorsOf<N extends { readonly parents: Iterable<N> }>(node: N): Set<N> {
  return reach(node.parents, (one) => one.parents)
}

/** All that rest on a node, itself left out. */
export function descendantsOf<N extends { readonly children: Iterable<N> }>(node: N): Set<N> {
  return reach(node.children, (one) => one.children)
}

/** All that can be reached, breadth first. */
export function reach<N>(from: Iterable<N>, next: (node: N) => Iterable<N>): Set<N> {
  const found = new Set(from)
  // A set is walked on into what is added on the way.
  for (const node of found) for (const one of next(node)) found.add(one)
  return found
}

function sumAnew(nodes: readonly LinkedNode[]): void {
  for (const node of nodes) {
    node.ancestors = sum(node, ancestorsOf(node))
    node.descendants = sum(node, descendantsOf(node))
  }
}

function sum(node: LinkedNode, others: Iterable<LinkedNode>): Totals {
  let totals = node.own
  for (const other of others) totals = plus(totals, other.own)
  return totals
}

function plus(a: Totals, b: Totals): Totals {
  return { count: a.count + b.count, bytes: a.bytes + b.bytes, fee: a.fee + b.fee, sigops: a.sigops + b.sigops }
}

function minus(a: Totals, b: Totals): Totals {
  return { count: a.count - b.count, bytes: a.bytes - b.bytes, fee: a.fee - b.fee, sigops: a.sigops - b.sigops }
}
