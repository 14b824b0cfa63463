import { withBringer } from '../../../services/gateway/src/compact/eager-peers.ts'
import { type Costs, GATHER_MS, MAX_EAGER } from './costs.ts'
import type { Link, Network } from './network.ts'
import type { Sizes } from './sizes.ts'

/** What a node knows of the block that is on its way. */
interface NodeState {
  /** Peers that have it or were told of it. */
  readonly known: Set<number>
  /** It works on a compact block, or has asked for one. */
  busy: boolean
  whole: boolean
}

/**
 * Blocks over a network as the gateway relays them: a whole block goes on at once, as a compact block to the peers that asked for that, and by
 * its header to the others once it is the tip; who is told by header asks for the compact block. What a mempool lacks of it is
 * asked of whoever sent it. Each node has its three eager peers, those that brought the last blocks first.
 */
export class BlockRelay {
  readonly #network: Network
  readonly #sizes: Sizes
  readonly #costs: Costs
  /** Share of a block's transactions that a mempool lacks. */
  readonly #lacking: number
  readonly #eager: (readonly Link[])[]
  readonly #wantedBy: readonly Set<number>[]
  readonly #missing = new Map<number, readonly [number, number]>()
  #states: NodeState[] = []
  #wholeAt = new Float64Array(0)

  constructor(options: { network: Network; sizes: Sizes; costs: Costs; lacking: number }) {
    this.#network = options.network
    this.#sizes = options.sizes
    this.#costs = options.costs
    this.#lacking = options.lacking
    const { nodes } = this.#network
    this.#eager = Array.from({ length: nodes }, () => [])
    this.#wantedBy = Array.from({ length: nodes }, () => new Set())
    for (let node = 0; node < nodes; node++) {
      const dialled = [...this.#network.links(node).values()].filter(({ connection }) => !connection.inbound)
      this.#choose(node, dialled.slice(0, MAX_EAGER))
    }
  }

  /** One block mined by `origin`: for each node the milliseconds until it has all of it. */
  relay(origin: number): Float64Array {
    const { nodes, events } = this.#network
    const started = events.now
    this.#states = Array.from({ length: nodes }, () => ({ known: new Set(), busy: false, whole: false }))
    this.#wholeAt = new Float64Array(nodes)
    this.#becomeWhole(origin)
    events.run()
    return this.#wholeAt.map((at) => at - started)
  }

  #becomeWhole(node: number): void {
    const state = this.#state(node)
    state.whole = true
    const { events } = this.#network
    this.#wholeAt[node] = events.now
    for (const link of this.#untold(node))
      if (this.#wantedBy[node]?.has(link.to)) this.#sendCompact(node, link, this.#sizes.compactAnnounced)
    events.at(events.now + this.#costs.connectMs + GATHER_MS, () => {
      for (const link of this.#untold(node)) {
        state.known.add(link.to)
        this.#network.send(node, link, this.#sizes.headers, () => this.#hear(link.to, node))
      }
    })
  }

  #untold(node: number): Link[] {
    const { known } = this.#state(node)
    return [...this.#network.links(node).values()].filter(({ to }) => !known.has(to))
  }

  #sendCompact(from: number, link: Link, bytes: number): void {
    this.#state(from).known.add(link.to)
    this.#network.send(from, link, bytes, () => this.#take(link.to, from))
  }

  /** A header: the block is asked for, unless it is here or on its way. */
  #hear(node: number, from: number): void {
    const state = this.#state(node)
    state.known.add(from)
    if (state.whole || state.busy) return
    state.busy = true
    const { events } = this.#network
    events.at(events.now + this.#costs.headerMs, () => {
      const link = this.#link(node, from)
      this.#network.send(node, link, this.#sizes.getCompact, () =>
        this.#sendCompact(from, this.#link(from, node), this.#sizes.compactAnswered),
      )
    })
  }

  /** A compact block: the first one that comes is filled. One that was asked for and is overtaken is let be. */
  #take(node: number, from: number): void {
    const state = this.#state(node)
    state.known.add(from)
    if (state.whole) return
    state.busy = true
    const { events } = this.#network
    const finish = (): void => {
      if (state.whole) return
      this.#becomeWhole(node)
      this.#brought(node, from)
    }
    events.at(events.now + this.#costs.fillMs, () => {
      const lacking = this.#countLacking()
      if (lacking === 0 || state.whole) finish()
      else this.#askMissing(node, from, lacking, finish)
    })
  }

  #askMissing(node: number, from: number, lacking: number, then: () => void): void {
    const [asked, sent] = this.#missingSizes(lacking)
    this.#network.send(node, this.#link(node, from), asked, () =>
      this.#network.send(from, this.#link(from, node), sent, then),
    )
  }

  #missingSizes(count: number): readonly [number, number] {
    const known = this.#missing.get(count)
    if (known !== undefined) return known
    const sizes = [this.#sizes.getMissing(count), this.#sizes.missing(count)] as const
    this.#missing.set(count, sizes)
    return sizes
  }

  /** Binomial by its normal approximation, good enough for thousands of transactions. */
  #countLacking(): number {
    if (this.#lacking === 0) return 0
    const { transactions } = this.#sizes
    const spread = Math.sqrt(transactions * this.#lacking * (1 - this.#lacking))
    // Twelve uniform numbers less six have mean 0 and variance 1.
    let normal = -6
    for (let i = 0; i < 12; i++) normal += this.#network.random.u32() / 2 ** 32
    return Math.max(0, Math.round(transactions * this.#lacking + spread * normal))
  }

  #brought(node: number, from: number): void {
    this.#choose(node, withBringer(this.#eager[node] ?? [], this.#link(node, from), MAX_EAGER))
  }

  #choose(node: number, eager: readonly Link[]): void {
    for (const { to } of this.#eager[node] ?? []) this.#wantedBy[to]?.delete(node)
    for (const { to } of eager) this.#wantedBy[to]?.add(node)
    this.#eager[node] = eager
  }

  #state(node: number): NodeState {
    const state = this.#states[node]
    if (state === undefined) throw new RangeError(`no node ${node}`)
    return state
  }

  #link(from: number, to: number): Link {
    const link = this.#network.links(from).get(to)
    if (link === undefined) throw new RangeError(`no link from ${from} to ${to}`)
    return link
  }
}
