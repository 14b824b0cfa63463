import type { GatewayParts } from '../parts.ts'
import type { Target } from '../store/addresses.ts'
import { saveAnchors } from '../store/anchors.ts'
import { keyOf } from './address-book.ts'

/** Peers to come back to after a restart. */
const MAX_ANCHORS = 4

/** Keeps in the database which peers this node dialled, the longest connected first, so that also after a crash it finds them again. */
export class Anchors {
  readonly #parts: GatewayParts
  #saved = ''

  constructor(parts: GatewayParts) {
    this.#parts = parts
  }

  /** Saves what has changed. Where no peer is left the last ones stay: the line may be down. */
  async tick(): Promise<void> {
    const anchors = this.#longestConnected()
    const saved = anchors.map(keyOf).toSorted().join(' ')
    if (anchors.length === 0 || saved === this.#saved) return
    await saveAnchors(this.#parts.sql, anchors)
    this.#saved = saved
  }

  #longestConnected(): Target[] {
    const outbound = this.#parts.peers.list().filter(({ connection }) => !connection.inbound)
    // The table keeps them in the order they came.
    return outbound
      .slice(0, MAX_ANCHORS)
      .map(({ connection: { remote } }) => ({ host: remote.host, port: remote.port }))
  }
}
