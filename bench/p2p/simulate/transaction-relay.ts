import { BATCH_MS, type Costs } from './costs.ts'
import type { Link, Network } from './network.ts'
import type { Sizes } from './sizes.ts'

interface NodeState {
  readonly known: Set<number>
  asked: boolean
  here: boolean
}

/**
 * Transactions over a network as the gateway relays them: told by inventory, asked for at whoever told first. `together` of them
 * travel alike, in shared messages.
 */
export class TransactionRelay {
  readonly #network: Network
  readonly #costs: Costs
  readonly #together: number
  /** Bytes of the three messages that carry them. */
  readonly #told: number
  readonly #asked: number
  readonly #sent: number
  #states: NodeState[] = []
  #hereAt = new Float64Array(0)

  constructor(options: { network: Network; sizes: Sizes; costs: Costs; together: number }) {
    const { network, sizes, costs, together } = options
    this.#network = network
    this.#costs = costs
    this.#together = together
    this.#told = sizes.inventory(together)
    this.#asked = sizes.getTransactions(together)
    this.#sent = sizes.transaction * together
  }

  /** From the node where they enter: for each node the milliseconds until it has them all. */
  relay(origin: number): Float64Array {
    const { nodes, events } = this.#network
    const started = events.now
    this.#states = Array.from({ length: nodes }, () => ({ known: new Set(), asked: false, here: false }))
    this.#hereAt = new Float64Array(nodes)
    this.#arrive(origin)
    events.run()
    return this.#hereAt.map((at) => at - started)
  }

  /** They are in the mempool; inventory leaves with the node's next batch, of whatever else there is to tell. */
  #arrive(node: number): void {
    const state = this.#state(node)
    state.here = true
    const { events, random } = this.#network
    this.#hereAt[node] = events.now
    const waitMs = (random.u32() / 2 ** 32) * BATCH_MS
    events.at(events.now + waitMs, () => {
      for (const link of this.#network.links(node).values()) {
        if (state.known.has(link.to)) continue
        state.known.add(link.to)
        this.#network.send(node, link, this.#told, () => this.#hear(link.to, node))
      }
    })
  }

  #hear(node: number, from: number): void {
    const state = this.#state(node)
    state.known.add(from)
    if (state.asked || state.here) return
    state.asked = true
    const { events } = this.#network
    this.#network.send(node, this.#link(node, from), this.#asked, () =>
      this.#network.send(from, this.#link(from, node), this.#sent, () =>
        events.at(events.now + this.#costs.transactionMs * this.#together, () => this.#arrive(node)),
      ),
    )
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
