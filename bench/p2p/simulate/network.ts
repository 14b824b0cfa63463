import { Random } from '../../fuzz/random.ts'
import { Events } from './events.ts'

export interface NetworkOptions {
  readonly nodes: number
  /** Connections of each node, an even number: half of them dialled by itself. */
  readonly degree: number
  readonly seed: number
  /** One-way delay of a connection: log-normal, by its median in milliseconds and the sigma of its logarithm. */
  readonly latency: { readonly medianMs: number; readonly sigma: number }
  /** Bits a second that a node sends. */
  readonly uplink: number
}

/** Another node as one node sees it. */
export interface Link {
  readonly to: number
  /** The other one dialled. `withBringer` reads it there. */
  readonly connection: { readonly inbound: boolean }
  readonly delayMs: number
}

/** Nodes and the lines between them: delay, and what a node can send at a time. Counts every byte of a frame. */
export class Network {
  readonly events = new Events()
  readonly random: Random
  readonly nodes: number
  readonly sent: Float64Array
  readonly received: Float64Array
  readonly #links: readonly Map<number, Link>[]
  readonly #busyUntil: Float64Array
  readonly #bytesPerMs: number

  constructor({ nodes, degree, seed, latency, uplink }: NetworkOptions) {
    this.random = new Random(seed)
    this.nodes = nodes
    this.sent = new Float64Array(nodes)
    this.received = new Float64Array(nodes)
    this.#busyUntil = new Float64Array(nodes)
    this.#bytesPerMs = uplink / 8_000
    this.#links = Array.from({ length: nodes }, () => new Map<number, Link>())
    for (let circle = 0; circle < degree / 2; circle++) this.#connectCircle(latency)
  }

  /** The links of a node, to each other node once. */
  links(node: number): ReadonlyMap<number, Link> {
    return this.#links[node] ?? new Map()
  }

  /** Sends a frame; `arrive` runs when all of it is there. One frame after the other leaves a node. */
  send(from: number, link: Link, bytes: number, arrive: () => void): void {
    const start = Math.max(this.events.now, this.#busyUntil[from] ?? 0)
    const left = start + bytes / this.#bytesPerMs
    this.#busyUntil[from] = left
    this.sent[from] = (this.sent[from] ?? 0) + bytes
    this.events.at(left + link.delayMs, () => {
      this.received[link.to] = (this.received[link.to] ?? 0) + bytes
      arrive()
    })
  }

  forgetTraffic(): void {
    this.sent.fill(0)
    this.received.fill(0)
  }

  /** Every node dials the next of a random circle through all: so all are connected, each with two more. */
  #connectCircle(latency: NetworkOptions['latency']): void {
    const order = Array.from({ length: this.nodes }, (_, i) => i)
    for (let i = order.length - 1; i > 0; i--) this.#swap(order, i, this.random.below(i + 1))
    // Whom a node knows already it does not dial again: it changes places with another until there is none such.
    for (let i = 0, tries = 0; i < order.length && tries < order.length * 100; tries++) {
      const known = this.#links[at(order, i)]?.has(at(order, i + 1)) ?? false
      if (!known) i++
      else {
        this.#swap(order, (i + 1) % order.length, this.random.below(order.length))
        i = 0
      }
    }
    for (let i = 0; i < order.length; i++) this.#connect(at(order, i), at(order, i + 1), latency)
  }

  #connect(dialler: number, listener: number, { medianMs, sigma }: NetworkOptions['latency']): void {
    const delayMs = medianMs * Math.exp(sigma * this.#normal())
    this.#links[dialler]?.set(listener, { to: listener, connection: { inbound: false }, delayMs })
    this.#links[listener]?.set(dialler, { to: dialler, connection: { inbound: true }, delayMs })
  }

  /** Box and Muller. */
  #normal(): number {
    const [u, v] = [(this.random.u32() + 1) / 2 ** 32, this.random.u32() / 2 ** 32]
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)
  }

  #swap(order: number[], i: number, j: number): void {
    const one = at(order, i)
    order[i] = at(order, j)
    order[j] = one
  }
}

/** Around the circle. */
function at(order: readonly number[], i: number): number {
  return order[i % order.length] ?? 0
}
