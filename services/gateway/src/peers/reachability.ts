import type { Remote } from '@camelid/p2p'
import type { Clock } from '@camelid/runtime'
import { LruMap } from '../lru-map.ts'
import { groupOf, isTellable } from './address-rules.ts'

const MAX_VOICES = 64
/** Parts of the network that must see us at the same address; on one machine there is but one. */
const VOICES = 2
/** Nobody came in for so long: we may not be reached any more. */
const LATELY_MS = 86_400_000

/** How this node is reached, as far as it knows. */
export interface Reach {
  /** Where the peers that this node dialled see it; undefined while too few agree. */
  readonly host: string | undefined
  readonly port: number
  /** Whether anybody came in lately. */
  readonly reachable: boolean
  /** When somebody last came in, Unix milliseconds; 0: never. */
  readonly reachedMs: number
}

/**
 * Learns how this node is reached: its address from the peers that it dialled, one voice for each part of the network, since those who
 * come to us may come to lie; and whether it is reached at all from those who come in. Hello names our port to everybody, so that peers
 * may look whether we can be reached; of ourselves we tell only when somebody could.
 */
export class Reachability {
  readonly #clock: Clock
  readonly #network: string
  readonly #port: number
  readonly #voices = new LruMap<string, string>(MAX_VOICES)
  #reachedMs = 0

  constructor(options: { clock: Clock; network: string; port: number }) {
    this.#clock = options.clock
    this.#network = options.network
    this.#port = options.port
  }

  /** A peer that this node dialled sees it at `host`. */
  seenAt(host: string | undefined, by: Remote): void {
    if (host !== undefined && this.#public(host)) this.#voices.set(groupOf(by.host), host)
  }

  /** Somebody came to our port from outside: on a public network the addresses of our own house prove nothing. */
  cameIn(remote: Remote): void {
    if (this.#public(remote.host) && (this.#network === 'local' || remote.host !== this.#host()))
      this.#reachedMs = this.#clock.nowMs()
  }

  get reach(): Reach {
    const reachable = this.#reachedMs > 0 && this.#clock.nowMs() - this.#reachedMs < LATELY_MS
    return { host: this.#host(), port: this.#port, reachable, reachedMs: this.#reachedMs }
  }

  /** Where this node may say it listens; undefined while it does not know that it is reached there. */
  get advertised(): { host: string; port: number } | undefined {
    const { host, port, reachable } = this.reach
    return host !== undefined && reachable ? { host, port } : undefined
  }

  #host(): string | undefined {
    const counts = new Map<string, number>()
    for (const host of this.#voices.values()) counts.set(host, (counts.get(host) ?? 0) + 1)
    const [most] = [...counts].toSorted(([, a], [, b]) => b - a)
    const wanted = this.#network === 'local' ? 1 : VOICES
    return most !== undefined && most[1] >= wanted ? most[0] : undefined
  }

  #public(host: string): boolean {
    return isTellable({ host, port: this.#port }, this.#network)
  }
}
