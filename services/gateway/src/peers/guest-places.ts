import { deriveSecret, utf8 } from '@camelid/crypto'
import type { GatewayParts } from '../parts.ts'
import { groupOf } from './address-rules.ts'
import { chooseVictim } from './choose-victim.ts'
import type { Peer } from './peer.ts'
import { dismiss } from './peer-table.ts'

/** Sees to it that no more peers have come to us than there are places: where all are taken, one of them or the newcomer leaves. */
export class GuestPlaces {
  readonly #secret: Uint8Array
  readonly #max: number

  /** @param options.secret keys the lots, so that nobody can choose addresses that are kept */
  constructor(options: { secret: Uint8Array; max: number }) {
    this.#secret = options.secret
    this.#max = options.max
  }

  /** False where the newcomer, which is in the table already, had to leave. */
  makeRoom({ peers, metrics, log }: Pick<GatewayParts, 'peers' | 'metrics' | 'log'>, newcomer: Peer): boolean {
    if (!newcomer.connection.inbound) return true
    const guests = peers
      .list()
      .filter((peer) => peer !== newcomer && peer.connection.inbound && peer.connection.reason === undefined)
    if (guests.length < this.#max) return true
    const victim = chooseVictim(
      guests.map((peer) => ({
        peer,
        group: groupOf(peer.connection.remote.host),
        connectedMs: peer.connection.stats.connectedMs,
        usefulMs: peer.usefulMs,
      })),
      (group) => this.#lot(group),
    )?.peer
    const leaving = victim ?? newcomer
    metrics.evicted()
    log.debug({ peer: leaving.h2Hex, ...leaving.connection.remote }, 'all places are taken: a peer had to leave')
    dismiss(leaving, 'NO_PLACE', 'all places of this node are taken: try another one')
    return victim !== undefined
  }

  #lot(group: string): number {
    const digest = deriveSecret(this.#secret, 'camelid/places/v1', utf8(group))
    return new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  }
}
