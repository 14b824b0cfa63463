import { create, toBinary } from '@bufbuild/protobuf'
import { hexToBytes } from '@camelid/crypto'
import { GetTransactionsSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Clock } from '@camelid/runtime'
import { LruMap } from '../lru-map.ts'
import type { Peer } from '../peers/peer.ts'
import type { PeerTable } from '../peers/peer-table.ts'
import { RecentTransactions } from '../relay/recent-transactions.ts'

const MAX_KNOWN = 50_000
/** One that came and was refused is asked for again after so long. */
const FORGET_MS = 30_000
/** Whoever announced a transaction may never send it: the next to announce it is asked after so long. */
const ASK_MS = 5_000
/** Transactions asked of one peer that have not come: more it need not announce. */
const MAX_PER_PEER = 1_000

/** Txids that one message asks for. */
const MAX_BATCH = 1_000

interface Asked {
  from: Peer
  askedAtMs: number
  /** Who announced it too: a peer announces but once, and the first may be there to keep it from us. */
  readonly others: Set<Peer>
}

/** Fetches the transactions that peers announce, each from one of them at a time. Keys are txids in hex. */
export class TransactionFetcher {
  /** What came and was taken, for those who ask next. */
  readonly recent = new RecentTransactions()
  readonly #table: Pick<PeerTable, 'holds'>
  readonly #clock: Clock
  readonly #known = new LruMap<string, number>(MAX_KNOWN)
  readonly #asked = new Map<string, Asked>()
  readonly #askedOf = new Map<Peer, Set<string>>()
  readonly #unsent = new Map<Peer, Uint8Array[]>()

  constructor(options: { table: Pick<PeerTable, 'holds'>; clock: Clock }) {
    this.#table = options.table
    this.#clock = options.clock
  }

  /** Transactions asked for that have not come. */
  get size(): number {
    return this.#asked.size
  }

  /** A peer announced transactions: those that nobody is asked for are asked of it. */
  heard(peer: Peer, keys: readonly string[]): void {
    const now = this.#clock.nowMs()
    for (const key of keys) {
      if ((this.#known.get(key) ?? 0) > now) continue
      const asked = this.#asked.get(key)
      if (asked !== undefined) asked.others.add(peer)
      else if ((this.#askedOf.get(peer)?.size ?? 0) < MAX_PER_PEER) this.#assign(key, peer, new Set())
    }
    this.#ask()
  }

  /** It came, good or bad. Gives whether this peer was asked for it. */
  came(key: string, from?: Peer): boolean {
    const asked = from !== undefined && this.#asked.get(key)?.from === from
    this.#giveUp(key)
    this.#known.set(key, this.#clock.nowMs() + FORGET_MS)
    return asked
  }

  /** Our own mempool took it. */
  took(key: string): void {
    this.#giveUp(key)
    this.#known.set(key, Number.POSITIVE_INFINITY)
  }

  /** Asks others for what a gone peer was asked. */
  forget(peer: Peer): void {
    for (const key of this.#askedOf.get(peer) ?? []) this.#passOn(key)
    this.#askedOf.delete(peer)
    this.#ask()
  }

  /** Asks others for what is late; to be called about once a second. */
  tick(): void {
    const now = this.#clock.nowMs()
    for (const [key, { askedAtMs }] of this.#asked) if (now - askedAtMs >= ASK_MS) this.#passOn(key)
    this.#ask()
  }

  #assign(key: string, peer: Peer, others: Set<Peer>): void {
    others.delete(peer)
    this.#asked.set(key, { from: peer, askedAtMs: this.#clock.nowMs(), others })
    this.#askedOf.set(peer, (this.#askedOf.get(peer) ?? new Set()).add(key))
    const unsent = this.#unsent.get(peer) ?? []
    unsent.push(hexToBytes(key))
    this.#unsent.set(peer, unsent)
  }

  #giveUp(key: string): void {
    const asked = this.#asked.get(key)
    if (asked !== undefined) this.#askedOf.get(asked.from)?.delete(key)
    this.#asked.delete(key)
  }

  /** To the next: one that we dialled before those who came to us, whoever they are. Where there is none it is given up. */
  #passOn(key: string): void {
    const others = [...(this.#asked.get(key)?.others ?? [])].filter((peer) => this.#table.holds(peer))
    this.#giveUp(key)
    const next = others.find((peer) => !peer.connection.inbound) ?? others[0]
    if (next !== undefined) this.#assign(key, next, new Set(others))
  }

  /** What does not leave, for a full queue, is passed on at a later tick. */
  #ask(): void {
    for (const [peer, txids] of this.#unsent) {
      for (let at = 0; at < txids.length; at += MAX_BATCH) {
        const batch = create(GetTransactionsSchema, { txids: txids.slice(at, at + MAX_BATCH) })
        peer.connection.send({ type: MessageType.GET_TRANSACTIONS, payload: toBinary(GetTransactionsSchema, batch) })
      }
    }
    this.#unsent.clear()
  }
}
