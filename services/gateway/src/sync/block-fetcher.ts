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
/** A peer that was late is asked after the others for so long. */
const SLOW_MS = 60_000
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
  /** When a peer last sent a block that was wanted. */
  readonly #lastCame = new WeakMap<Peer, number>()
  readonly #slowUntil = new WeakMap<Peer, number>()

  /** @param options.onLate told of a peer that sent nothing of what it was asked, all of that at once */
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
  came(peer: Peer, hash: Uint8Array): void {
    const entry = this.#wanted.get(bytesToHex(hash))
    if (entry === undefined) return
    this.#lastCame.set(peer, this.#clock.nowMs())
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
    const late = new Set<Peer>()
    for (const [key, entry] of this.#wanted) {
      if (entry.from === undefined || now - entry.askedAtMs < FETCH_MS) continue
      late.add(entry.from)
      entry.from = undefined
      if (entry.asked.size >= MAX_TRIES) this.#wanted.delete(key)
    }
    for (const peer of late) {
      this.#slowUntil.set(peer, now + SLOW_MS)
      // Whoever sends other blocks is slow, or lacks this one: its maker may have kept it back.
      if (now - (this.#lastCame.get(peer) ?? Number.NEGATIVE_INFINITY) >= FETCH_MS) this.#onLate(peer)
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
      const payload = toBinary(GetBlocksSchema, create(GetBlocksSchema, { hashes }))
      if (!peer.connection.send({ type: MessageType.GET_BLOCKS, payload })) this.#unask(peer, hashes)
    }
  }

  /** The question did not leave: nobody is late. It is put again when something moves. */
  #unask(peer: Peer, hashes: readonly Uint8Array[]): void {
    for (const hash of hashes) {
      const entry = this.#wanted.get(bytesToHex(hash))
      if (entry?.from !== peer) continue
      entry.from = undefined
      entry.asked.delete(peer)
    }
  }

  /** The least loaded peer that has the header and was not asked yet, else any that keeps the chain; who was late comes last. */
  #pick(entry: Wanted, load: ReadonlyMap<Peer, number>): Peer | undefined {
    const now = this.#clock.nowMs()
    const usable = (peer: Peer): boolean => this.#table.holds(peer) && !entry.asked.has(peer)
    const slow = (peer: Peer): boolean => (this.#slowUntil.get(peer) ?? 0) > now
    const least = (peers: readonly Peer[]): Peer | undefined =>
      peers
        .filter((peer) => (load.get(peer) ?? 0) < MAX_PER_PEER)
        .sort((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))[0]
    const sources = [...entry.sources].filter(usable)
    const swift = sources.filter((peer) => !slow(peer))
    if (swift.length > 0) return least(swift)
    const keepers = this.#table.list().filter((peer) => peer.keepsChain && usable(peer))
    return least(keepers.filter((peer) => !slow(peer))) ?? least(sources) ?? least(keepers)
  }
}
