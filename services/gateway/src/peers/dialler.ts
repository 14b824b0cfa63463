import { dialPeer, type PeerConnection, type PeerOptions } from '@camelid/p2p'
import { sleep } from '@camelid/runtime'
import type { GatewayParts } from '../parts.ts'
import { addressesToTry, noteConnected, noteFailure } from '../store/addresses.ts'
import { bucketOf } from './address-rules.ts'
import { keepSeed } from './keep-seed.ts'
import { servePeer } from './serve-peer.ts'

const LOOK_MS = 5_000

interface Target {
  readonly host: string
  readonly port: number
}

/** Opens connections: to every seed for ever, and to peers of the address book until there are enough. */
export class Dialler {
  readonly #parts: GatewayParts
  readonly #options: PeerOptions
  readonly #seeds: readonly Target[]
  readonly #maxOutbound: number
  readonly #busy = new Set<string>()

  constructor(context: {
    parts: GatewayParts
    options: PeerOptions
    seeds: readonly string[]
    maxOutbound: number
  }) {
    this.#parts = context.parts
    this.#options = context.options
    this.#seeds = context.seeds.map(parseHostPort)
    this.#maxOutbound = context.maxOutbound
  }

  /** Runs until the gateway stops; never rejects. */
  async run(): Promise<void> {
    const { signal, log } = this.#parts
    const seeds = this.#seeds.map((seed) =>
      keepSeed({
        seed,
        dial: (target) => this.#dial(target),
        serve: (connection) => servePeer(this.#parts, connection),
        isConnected: (target) => this.#isConnected(target),
        signal,
        log,
      }),
    )
    await Promise.all([...seeds, this.#fillFromBook()])
  }

  async #fillFromBook(): Promise<void> {
    const { signal, log, sql, clock, peers } = this.#parts
    while (!signal.aborted) {
      try {
        const missing = this.#maxOutbound + this.#seeds.length - peers.count(false) - this.#busy.size
        const candidates = missing > 0 ? await addressesToTry(sql, missing, clock.nowMs()) : []
        for (const candidate of candidates) if (!this.#isConnected(candidate)) void this.#try(candidate)
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error }, 'the address book cannot be read')
      }
      await sleep(LOOK_MS, signal).catch(() => undefined)
    }
  }

  async #try(target: Target): Promise<void> {
    const key = `${target.host}:${target.port}`
    if (this.#busy.has(key)) return
    this.#busy.add(key)
    const { signal, log, sql, clock } = this.#parts
    try {
      const connection = await this.#dial(target).finally(() => this.#busy.delete(key))
      await servePeer(this.#parts, connection)
    } catch (error) {
      if (signal.aborted) return
      log.debug({ ...target, reason: String(error) }, 'no connection to an address of the book')
      await noteFailure(sql, target.host, target.port, clock.nowMs()).catch(() => undefined)
    }
  }

  async #dial(target: Target): Promise<PeerConnection> {
    const { signal, sql, clock, log } = this.#parts
    const connection = await dialPeer({ ...this.#options, ...target, signal })
    noteConnected(sql, {
      ...target,
      h2: connection.peerH2,
      services: connection.hello.services,
      lastSeenMs: clock.nowMs(),
      bucket: bucketOf(target.host),
    }).catch((error: unknown) => log.warn({ err: error }, 'the address book cannot be written'))
    return connection
  }

  /** Is there a connection to this address, or, where the peer came to us, to the port it listens on? */
  #isConnected(target: Target): boolean {
    return this.#parts.peers.list().some(({ connection }) => {
      const port = connection.inbound ? connection.hello.listenPort : connection.remote.port
      return connection.remote.host === target.host && port === target.port
    })
  }
}

/** "host:port" or "[ipv6]:port", as configuration checked it. */
function parseHostPort(text: string): Target {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) }
}
