import type { Socket } from 'node:net'
import { hostGroup } from './host.ts'

export interface DoorLimits {
  /** Sockets at once, in handshake or after it. */
  readonly maxSockets: number
  /** Of them in handshake. */
  readonly maxHandshakes: number
  /** Sockets at once from one address, or one /64 of IPv6. */
  readonly maxSocketsPerHost: number
}

/**
 * Who is let as far as a handshake. Places for handshakes are few and a socket costs nothing, so where they are taken the oldest
 * handshake of the host that has the most of them gives way: who comes alone gets in, whoever crowds at the door.
 */
export class Door {
  readonly #limits: DoorLimits
  readonly #hosts = new Map<Socket, string>()
  readonly #byRemote = new Map<string, Socket>()
  readonly #perHost = new Map<string, number>()
  /** Sockets in handshake by host, the oldest first. */
  readonly #handshakes = new Map<string, Set<Socket>>()
  #handshaking = 0

  constructor(limits: DoorLimits) {
    this.#limits = limits
  }

  get sockets(): IterableIterator<Socket> {
    return this.#hosts.keys()
  }

  /** Takes a socket in until it closes; false where there is no place for it. */
  enter(socket: Socket): boolean {
    const host = hostGroup(socket.remoteAddress ?? 'unknown')
    const { maxSockets, maxHandshakes, maxSocketsPerHost } = this.#limits
    if (this.#hosts.size >= maxSockets || (this.#perHost.get(host) ?? 0) >= maxSocketsPerHost) return false
    if (this.#handshaking >= maxHandshakes && !this.#dropOne(host)) return false
    const remote = remoteName(socket)
    this.#hosts.set(socket, host)
    this.#byRemote.set(remote, socket)
    this.#perHost.set(host, (this.#perHost.get(host) ?? 0) + 1)
    this.#handshakes.set(host, (this.#handshakes.get(host) ?? new Set()).add(socket))
    this.#handshaking++
    socket.once('close', () => this.#left(socket, { host, remote }))
    return true
  }

  /** The peer at the other end of a socket, or of the TLS over it, proved its key. */
  through(over: Socket): void {
    const socket = this.#byRemote.get(remoteName(over))
    const host = socket && this.#hosts.get(socket)
    if (socket !== undefined && host !== undefined) this.#endHandshake(socket, host)
  }

  /** False where the newcomer's own host has the most already. */
  #dropOne(newcomer: string): boolean {
    let [crowd, most] = ['', this.#handshakes.get(newcomer)?.size ?? 0]
    for (const [host, { size }] of this.#handshakes) if (size > most) [crowd, most] = [host, size]
    const [oldest] = this.#handshakes.get(crowd) ?? []
    if (oldest === undefined) return false
    this.#endHandshake(oldest, crowd)
    oldest.destroy()
    return true
  }

  #endHandshake(socket: Socket, host: string): void {
    const handshakes = this.#handshakes.get(host)
    if (handshakes?.delete(socket) !== true) return
    this.#handshaking--
    if (handshakes.size === 0) this.#handshakes.delete(host)
  }

  #left(socket: Socket, { host, remote }: { host: string; remote: string }): void {
    this.#endHandshake(socket, host)
    this.#hosts.delete(socket)
    if (this.#byRemote.get(remote) === socket) this.#byRemote.delete(remote)
    const left = (this.#perHost.get(host) ?? 1) - 1
    if (left > 0) this.#perHost.set(host, left)
    else this.#perHost.delete(host)
  }
}

/** The other end of a connection to a listener: no two open ones share it. */
function remoteName({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
