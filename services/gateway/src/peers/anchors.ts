import type { GatewayParts } from '../parts.ts'
import type { Target } from '../store/addresses.ts'
import { saveAnchors } from '../store/anchors.ts'
import { keyOf } from './address-book.ts'

/** Peers to come back to after a restart. */
const MAX_ANCHORS = 4

/** Keeps in the database which peers this node dialled, the longest connected first, so that also after a crash it finds them again. */
export class Anchors {
  readonly #parts: GatewayParts
  #saved: readonly Target[]

  /** @param saved those of the last run */
  constructor(parts: GatewayParts, saved: readonly Target[]) {
    this.#parts = parts
    this.#saved = saved
  }

  /** Saves what has changed. Earlier ones stay until others take their places: the line may be down, or the node just started. */
  async tick(): Promise<void> {
    const connected = this.#longestConnected()
    const earlier = this.#saved.filter((anchor) => !connected.some((one) => keyOf(one) === keyOf(anchor)))
    const anchors = [...connected, ...earlier].slice(0, MAX_ANCHORS)
    if (namesOf(anchors) === namesOf(this.#saved)) return
    await saveAnchors(this.#parts.sql, anchors)
    this.#saved = anchors
  }

  #longestConnected(): Target[] {
    const outbound = this.#parts.peers.list().filter(({ connection }) => !connection.inbound)
    // The table keeps them in the order they came.
    return outbound
      .slice(0, MAX_ANCHORS)
      .map(({ connection: { remote } }) => ({ host: remote.host, port: remote.port }))
  }
}

function namesOf(anchors: readonly Target[]): string {
  return anchors.map(keyOf).toSorted().join(' ')
}
