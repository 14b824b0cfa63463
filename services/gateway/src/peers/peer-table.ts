import { bytesToHex, compareBytes } from '@camelid/crypto'
import { encodeFrame, type Frame, type Identity, type KnownType, P2pError } from '@camelid/p2p'
import type { Metrics } from '../metrics.ts'
import type { Peer } from './peer.ts'

/** The connected peers, one connection a node key. */
export class PeerTable {
  readonly #identity: Identity
  readonly #magic: Uint8Array
  readonly #metrics: Pick<Metrics, 'dropped'>
  readonly #peers = new Map<string, Peer>()

  constructor(options: { identity: Identity; magic: Uint8Array; metrics: Pick<Metrics, 'dropped'> }) {
    this.#identity = options.identity
    this.#magic = options.magic
    this.#metrics = options.metrics
  }

  list(): Peer[] {
    return [...this.#peers.values()]
  }

  get(h2: Uint8Array): Peer | undefined {
    return this.#peers.get(bytesToHex(h2))
  }

  /** Is this very connection still the one with its peer? */
  holds(peer: Peer): boolean {
    return this.#peers.get(peer.h2Hex) === peer
  }

  /**
   * Takes a connection in, or closes it and gives false. Of two with the same peer, where both dialled at once, both
   * sides keep the one that the smaller key dialled; else the newer one, since the older is half dead.
   */
  add(peer: Peer): boolean {
    const old = this.#peers.get(peer.h2Hex)
    if (old !== undefined) {
      const crossed = old.connection.inbound !== peer.connection.inbound
      if (crossed && this.#weDialled(peer) !== this.#weAreSmaller(peer)) {
        peer.connection.close('NOT_NEEDED')
        return false
      }
    }
    this.#peers.set(peer.h2Hex, peer)
    old?.connection.close('NOT_NEEDED')
    return true
  }

  remove(peer: Peer): void {
    if (this.holds(peer)) this.#peers.delete(peer.h2Hex)
  }

  count(inbound: boolean): number {
    return this.list().filter((peer) => peer.connection.inbound === inbound).length
  }

  /** Sends one frame to every peer but `except` that wants its type; gives to how many. @param toWhom only to these */
  flood(frame: Frame, except?: Peer, toWhom: (peer: Peer) => boolean = () => true): number {
    const bytes = encodeFrame(frame, this.#magic)
    let sent = 0
    for (const peer of this.#peers.values())
      if (peer !== except && peer.wants(frame.type) && toWhom(peer) && this.#send(peer, frame.type, bytes, true)) sent++
    return sent
  }

  /** Sends one frame to one peer; false where its queue is full. */
  sendTo(peer: Peer, frame: Frame): boolean {
    return this.#send(peer, frame.type, encodeFrame(frame, this.#magic))
  }

  /** Ends every connection. */
  closeAll(): void {
    for (const peer of this.#peers.values()) peer.connection.close('SHUTTING_DOWN')
  }

  #send(peer: Peer, type: KnownType, bytes: Uint8Array, gather = false): boolean {
    const sent = peer.connection.sendEncoded(type, bytes, gather)
    if (!sent) this.#metrics.dropped(type, 'queue')
    return sent
  }

  #weDialled(peer: Peer): boolean {
    return !peer.connection.inbound
  }

  #weAreSmaller(peer: Peer): boolean {
    return compareBytes(this.#identity.publicKey, peer.connection.peerKey) < 0
  }
}

/** Ends a connection with words of our own. */
export function dismiss(peer: Peer, code: string, detail: string): void {
  peer.connection.close(new P2pError('REFUSED', detail, { data: { code } }))
}
