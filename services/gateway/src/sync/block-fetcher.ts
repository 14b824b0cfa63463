import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { GetBlocksSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Clock } from '@camelid/runtime'
import type { Peer } from '../peers/peer.ts'
import type { PeerTable } from '../peers/peer-table.ts'

const MAX_WANTED = 4_096
/** Blocks on their way from one peer. */
const MAX_PER_PEER = 16
const FETCH_MS = 20_000
/** Peers asked for a block that does not come, before it is given up: the chain asks again with the next headers. */
const MAX_TRIES = 5

interface Wanted {
  /** Peers that have its header, the likeliest sources. */
  readonly sources: Set<Peer>
  readonly asked: Set<Peer>
  from: Peer | undefined
  askedAtMs: number
  /** It is here, and the chain has not judged it yet: till then the chain still names it among the wanted. */
  here: boolean
}

/** Fetches the blocks that the chain wants, in order, from several peers at once; what does not come is asked elsewhere. */
export class BlockFetcher {
  readonly #table: PeerTable
  readonly #clock: Clock
  readonly #onLate: (peer: Peer) => void
  readonly #wanted = new Map<string, Wanted>()

  /** @param options.onLate told of each block that a peer did not send in time */
  constructor(options: { table: PeerTable; clock: Clock; onLate: (peer: Peer) => void }) {
    this.#table = options.table
    this.#clock = options.clock
    this.#onLate = options.onLate
  }

  /** Blocks wanted, on their way or not. */
  get size(): number {
    return this.#wanted.size
  }

  /** Wants blocks whose headers came from `peer`. */
  want(peer: Peer, hashes: readonly Uint8Array[]): void {
    for (const hash of hashes) {
      const key = bytesToHex(hash)
      const entry = this.#wanted.get(key)
      if (entry !== undefined) entry.sources.add(peer)
      else if (this.#wanted.size < MAX_WANTED)
        this.#wanted.set(key, {
          sources: new Set([peer]),
          asked: new Set(),
          from: undefined,
          askedAtMs: 0,
          here: false,
        })
    }
    this.#ask()
  }

  /** Notes that a block came and goes to the chain: it is asked for no more. */
  came(hash: Uint8Array): void {
    const entry = this.#wanted.get(bytesToHex(hash))
    if (entry === undefined) return
    entry.here = true
    entry.from = undefined
    this.#ask()
  }

  /** Notes that the chain has judged a block. */
  judged(hash: Uint8Array): void {
    this.#wanted.delete(bytesToHex(hash))
  }

  /** Asks elsewhere for what a gone peer was asked. */
  forget(peer: Peer): void {
    for (const entry of this.#wanted.values()) {
      entry.sources.delete(peer)
      entry.asked.delete(peer)
      if (entry.from === peer) entry.from = undefined
    }
    this.#ask()
  }

  /** Asks elsewhere for what is late; to be called about once a second. */
  tick(): void {
    const now = this.#clock.nowMs()
    for (const [key, entry] of this.#wanted) {
      if (entry.from === undefined || now - entry.askedAtMs < FETCH_MS) continue
      this.#onLate(entry.from)
      entry.from = undefined
      if (entry.asked.size >= MAX_TRIES) this.#wanted.delete(key)
    }
    this.#ask()
  }

  #ask(): void {
    const load = new Map<Peer, number>()
    for (const { from } of this.#wanted.values()) if (from !== undefined) load.set(from, (load.get(from) ?? 0) + 1)
    const batches = new Map<Peer, Uint8Array[]>()
    for (const [key, entry] of this.#wanted) {
      if (entry.here || entry.from !== undefined) continue
      const peer = this.#pick(entry, load)
      if (peer === undefined) continue
      entry.from = peer
      entry.asked.add(peer)
      entry.askedAtMs = this.#clock.nowMs()
      load.set(peer, (load.get(peer) ?? 0) + 1)
      batches.set(peer, [...(batches.get(peer) ?? []), hexToBytes(key)])
    }
    for (const [peer, hashes] of batches) {
      peer.connection.allowAnswers(MessageType.BLOCK, hashes.length)
      peer.connection.send({
        type: MessageType.GET_BLOCKS,
        payload: toBinary(GetBlocksSchema, create(GetBlocksSchema, { hashes })),
      })
    }
  }

  /** The least loaded peer that has the header and was not asked yet; else any that keeps the chain. */
  #pick(entry: Wanted, load: ReadonlyMap<Peer, number>): Peer | undefined {
    const free = (peer: Peer): boolean =>
      this.#table.holds(peer) && !entry.asked.has(peer) && (load.get(peer) ?? 0) < MAX_PER_PEER
    const least = (peers: Iterable<Peer>): Peer | undefined =>
      [...peers].filter(free).sort((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))[0]
    const sourcesBusy = [...entry.sources].some((peer) => this.#table.holds(peer) && !entry.asked.has(peer))
    return (
      least(entry.sources) ?? (sourcesBusy ? undefined : least(this.#table.list().filter((peer) => peer.keepsChain)))
    )
  }
}
