import { hexToBytes } from '@camelid/crypto'
import type { PeerConnection, PeerOptions } from '@camelid/p2p'
import { sleep } from '@camelid/runtime'
import type { GatewayParts } from '../parts.ts'
import type { Target } from '../store/addresses.ts'
import { loadAnchors } from '../store/anchors.ts'
import { keyOf } from './address-book.ts'
import { Anchors } from './anchors.ts'
import { chooseTargets } from './choose-targets.ts'
import { keepSeed } from './keep-seed.ts'
import { AddressLearner } from './learn-addresses.ts'
import { reach } from './reach.ts'
import { servePeer } from './serve-peer.ts'

const LOOK_MS = 1_000
/** Addresses of each table looked at in one look. */
const MAX_CANDIDATES = 64
/** The book hears so often which peers are still there. */
const STILL_THERE_MS = 600_000

interface DiallerContext {
  readonly parts: GatewayParts
  readonly options: PeerOptions
  readonly seeds: readonly string[]
  /** Connections to peers from the book. */
  readonly outbound: number
  /** Of them in one part of the network; 0: as many as there are. */
  readonly perGroup: number
}

/** Opens connections: to every seed for ever, to the anchors at the start, and to peers of the address book until there are enough. */
export class Dialler {
  readonly #parts: GatewayParts
  readonly #context: DiallerContext
  readonly #seeds: readonly Target[]
  readonly #busy = new Map<string, Target>()

  constructor(context: DiallerContext) {
    this.#parts = context.parts
    this.#context = context
    this.#seeds = context.seeds.map(parseHostPort)
  }

  /** Runs until the gateway stops; never rejects. */
  async run(): Promise<void> {
    const { signal, log } = this.#parts
    const seeds = this.#seeds.map((seed) =>
      keepSeed({
        seed,
        dial: (target) => this.#reach(target),
        serve: (connection) => servePeer(this.#parts, connection),
        isConnected: (target) => this.#isConnected(target),
        signal,
        log,
      }),
    )
    await Promise.all([...seeds, this.#fill()])
  }

  async #fill(): Promise<void> {
    const { signal, log, book, peers } = this.#parts
    const learner = new AddressLearner(this.#parts)
    let anchors: Anchors | undefined
    let stillThereMs = performance.now()
    while (!signal.aborted) {
      try {
        anchors ??= await this.#startAnchors()
        void learner.tick()
        for (const target of await this.#choose()) void this.#try(target)
        await anchors.tick()
        if (performance.now() - stillThereMs > STILL_THERE_MS) {
          stillThereMs = performance.now()
          await book.connected(peers.list().map(({ connection }) => connection.peerH2))
        }
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error }, 'the address book cannot be read')
      }
      await sleep(LOOK_MS, signal).catch(() => undefined)
    }
  }

  /** Dials the anchors of the last run. */
  async #startAnchors(): Promise<Anchors> {
    const saved = await loadAnchors(this.#parts.sql)
    for (const anchor of saved) void this.#try(anchor)
    return new Anchors(this.#parts, saved)
  }

  /** Addresses to dial now, so that there are as many peers as wanted. */
  async #choose(): Promise<Target[]> {
    const { book, bans, peers } = this.#parts
    const { outbound, perGroup } = this.#context
    const missing = outbound + this.#seeds.length - peers.count(false) - this.#busy.size
    if (missing <= 0) return []
    const h2s = [...peers.list().map(({ connection }) => connection.peerH2), ...this.#parts.blocks.slow.map(hexToBytes)]
    const wanted = (target: Target): boolean =>
      !this.#busy.has(keyOf(target)) &&
      !this.#isConnected(target) &&
      bans.find({ h2Hex: undefined, remote: target }) === undefined
    const look = async (tried: boolean): Promise<Target[]> =>
      (await book.toDial({ tried, limit: MAX_CANDIDATES, h2s })).filter(wanted)
    const dialled = peers.list().filter(({ connection }) => !connection.inbound)
    return chooseTargets({
      tried: await look(true),
      fresh: await look(false),
      missing,
      taken: [...dialled.map(({ connection }) => connection.remote), ...this.#busy.values()].map((target) =>
        book.groupOf(target),
      ),
      perGroup,
      groupOf: (target) => book.groupOf(target),
      random: Math.random,
    })
  }

  async #try(target: Target): Promise<void> {
    const key = keyOf(target)
    if (this.#busy.has(key)) return
    this.#busy.set(key, target)
    try {
      const connection = await this.#reach(target).finally(() => this.#busy.delete(key))
      if (connection !== undefined) await servePeer(this.#parts, connection)
    } catch (error) {
      const { signal, log } = this.#parts
      if (!signal.aborted) log.debug({ ...target, reason: String(error) }, 'no connection to an address of the book')
    }
  }

  #reach(target: Target): Promise<PeerConnection | undefined> {
    return reach(this.#parts, this.#context.options, target, { feel: false })
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
