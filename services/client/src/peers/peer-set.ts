import { bytesToHex } from '@camelid/crypto'
import type { Frame, OutgoingMessage, PeerConnection } from '@camelid/p2p'
import { P2pError } from '@camelid/p2p'
import { sleep } from '@camelid/runtime'
import type { Log } from '../log.ts'
import { Notifier } from '../notifier.ts'

/** Time until a peer that broke the rules is tried again. */
const BAN_MS = 600_000
const FIRST_PAUSE_MS = 250
const LAST_PAUSE_MS = 15_000

/** A connected peer. Two addresses of one node are one peer as far as agreement goes: the key counts. */
export interface Peer {
  readonly address: string
  /** Node key in hex, proved in the handshake. */
  readonly key: string
  readonly connection: PeerConnection
  /** True once we have all headers it offers. */
  synced: boolean
}

export interface PeerFrame {
  readonly peer: Peer
  readonly frame: Frame
}

type Dial = (target: { host: string; port: number; signal: AbortSignal }) => Promise<PeerConnection>

/** Keeps a connection to every configured node, and drops those that lie. */
export class PeerSet {
  /** Told when a peer comes, is synced, or goes. */
  readonly changed = new Notifier<Peer>()
  readonly frames = new Notifier<PeerFrame>()
  readonly connected = new Notifier<Peer>()
  readonly #peers = new Map<string, Peer>()
  readonly #bannedUntil = new Map<string, number>()
  readonly #dial: Dial
  readonly #log: Log

  constructor(options: { dial: Dial; log: Log }) {
    this.#dial = options.dial
    this.#log = options.log
  }

  /** All connected peers, one a node key. */
  list(): Peer[] {
    return [...new Map([...this.#peers.values()].map((peer) => [peer.key, peer])).values()]
  }

  /** Those whose headers we have. */
  synced(): Peer[] {
    return this.list().filter((peer) => peer.synced)
  }

  markSynced(peer: Peer): void {
    if (peer.synced) return
    peer.synced = true
    this.changed.emit(peer)
  }

  /** Sends to every connected peer; the number that took it into their queue. */
  broadcast(message: OutgoingMessage): number {
    return this.list().filter((peer) => peer.connection.send(message)).length
  }

  /** Ends the connection of a peer that broke the rules, and leaves it alone for a while. */
  drop(peer: Peer, reason: string): void {
    this.#log.warn({ peer: peer.address, key: peer.key, reason }, 'peer dropped: it broke the rules')
    this.#bannedUntil.set(peer.address, performance.now() + BAN_MS)
    peer.connection.close(new P2pError('BAD_PAYLOAD', reason))
  }

  /** Connects to `address` (host:port) again and again until `signal` aborts. */
  async keep(address: string, signal: AbortSignal): Promise<void> {
    const { host, port } = parseAddress(address)
    let pause = FIRST_PAUSE_MS
    while (!signal.aborted) {
      const started = performance.now()
      const lasted = await this.#connectOnce({ address, host, port, signal })
      if (lasted && performance.now() - started > 10_000) pause = FIRST_PAUSE_MS
      const banned = (this.#bannedUntil.get(address) ?? 0) - performance.now()
      try {
        await sleep(Math.max(pause, banned), signal)
      } catch {
        return
      }
      pause = lasted ? FIRST_PAUSE_MS : Math.min(LAST_PAUSE_MS, pause * 2)
    }
  }

  /** True if a connection came about. */
  async #connectOnce(target: { address: string; host: string; port: number; signal: AbortSignal }): Promise<boolean> {
    const { address, host, port, signal } = target
    let connection: PeerConnection
    try {
      connection = await this.#dial({ host, port, signal })
    } catch (error) {
      if (!signal.aborted) this.#log.debug({ peer: address, reason: String(error) }, 'no connection')
      return false
    }
    const peer: Peer = { address, key: bytesToHex(connection.peerKey), connection, synced: false }
    this.#peers.set(address, peer)
    const onAbort = () => connection.close('SHUTTING_DOWN')
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    this.#log.info({ peer: address, key: peer.key }, 'peer connected')
    this.connected.emit(peer)
    this.changed.emit(peer)
    try {
      for await (const frame of connection.frames) this.frames.emit({ peer, frame })
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#peers.delete(address)
      const code = await connection.closed
      if (!signal.aborted) this.#log.info({ peer: address, code }, 'peer gone')
      this.changed.emit(peer)
    }
    return true
  }
}

/** host:port as the configuration checked it; IPv6 hosts in brackets. */
function parseAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':')
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) }
}
