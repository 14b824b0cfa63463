import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { GetBlocksSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Clock } from '@camelid/runtime'
import type { Peer } from '../peers/peer.ts'
import type { PeerTable } from '../peers/peer-table.ts'
import { BlockWindow } from './block-window.ts'
import type { ComeBlock } from './held-blocks.ts'
import { pickPeer } from './pick-peer.ts'
import type { Source } from './source.ts'
import { SourceList } from './source-list.ts'
import type { WantedPath } from './wanted-block.ts'

/** Blocks of one question; the protocol allows 64. */
const MAX_BATCH = 32
/** How long a peer may make no progress: it grows while all are slow, for then it is our own line. */
const PATIENCE_MS = 2_000
const MAX_PATIENCE_MS = 64_000
/** Blocks looked at that nobody can be asked for now, before the rest is left till later. */
const MAX_PASSED_OVER = 64

/**
 * Fetches the blocks that the chain wants from several peers at once, and hands them over in order. A peer that sends nothing, or less
 * than the others wait for, is found by measure: what it was asked for is asked of others.
 */
export class BlockFetcher {
  readonly #table: PeerTable
  readonly #clock: Clock
  readonly #elsewhere: (key: string) => boolean
  readonly #onStalled: (peer: Peer) => void
  readonly #window: BlockWindow
  readonly #sources = new SourceList()
  #patienceMs = PATIENCE_MS

  /**
   * @param options.elsewhere whether a block, by its hash in hex, is on its way by other means
   * @param options.onBlock takes the blocks that came, in order where they were asked for in order
   * @param options.onStalled told of a peer that made no progress with blocks that it has and another then sent
   */
  constructor(options: {
    table: PeerTable
    clock: Clock
    elsewhere?: (key: string) => boolean
    onBlock: (block: ComeBlock) => void
    onStalled: (peer: Peer) => void
  }) {
    this.#table = options.table
    this.#clock = options.clock
    this.#elsewhere = options.elsewhere ?? (() => false)
    this.#onStalled = options.onStalled
    this.#window = new BlockWindow(options.onBlock)
  }

  /** Blocks wanted, on their way or not. */
  get size(): number {
    return this.#window.size
  }

  /** Bytes of blocks that wait for their parents. */
  get heldBytes(): number {
    return this.#window.heldBytes
  }

  /** h2 of peers that made no progress lately, in hex. */
  get slow(): string[] {
    return this.#sources.slow(this.#clock.nowMs())
  }

  /** Wants blocks whose headers came from `peer`. */
  want(peer: Peer, hashes: readonly Uint8Array[]): void {
    for (const hash of hashes) this.#window.want(hash, this.#clock.nowMs())?.sources.add(peer)
    this.#ask()
  }

  /** Wants what the chain lacks on the way to its best header, and nothing else on it. */
  wantPath(path: WantedPath): void {
    this.#sources.turnTo(path.pathEpoch)
    for (const { key } of this.#window.wantPath(path, this.#clock.nowMs()))
      for (const source of this.#sources.all()) source.inFlight.delete(key)
    this.#ask()
  }

  /** A peer has the way to our best header up to `height`, as the chain judged its headers. */
  reaches(peer: Peer, height: number, pathEpoch: number): void {
    this.#sources.turnTo(pathEpoch)
    this.#sources.reaches(peer, height)
    this.#ask()
  }

  /** A block came: it goes to the chain, now or after those before it; one that came before is passed over. */
  came(block: ComeBlock): void {
    const now = this.#clock.nowMs()
    const key = bytesToHex(block.hash)
    const source = this.#sources.of(block.peer)
    source.came(key, now)
    this.#window.at(key)?.from?.inFlight.delete(key)
    this.#window.came(block)
    this.#patienceMs = Math.max(PATIENCE_MS, this.#patienceMs * 0.99)
    for (const peer of this.#sources.convict(block.peer, key)) this.#condemn(peer, now)
    if (source.room > 0) this.#ask()
  }

  /** The chain has judged a block, or cannot now: then it is wanted again when the chain next says so. */
  judged(hash: Uint8Array): void {
    this.#window.judged(hash)
  }

  /** Asks elsewhere for what a gone peer was asked. */
  forget(peer: Peer): void {
    const source = this.#sources.of(peer)
    this.#window.release(source.takeBack().keys, source)
    this.#sources.forget(peer)
    this.#window.forget(peer)
    this.#ask()
  }

  /** Measures the peers, and asks elsewhere for what is late; to be called once or twice a second. */
  tick(): void {
    const now = this.#clock.nowMs()
    const patienceMs = this.#patienceMs
    const late = this.#window.holdingUp(now)
    for (const source of this.#sources.all()) {
      source.measure(now)
      if (source.isStalled(now, patienceMs)) {
        // With the next more of it: where nobody sends anything it is our own line.
        this.#patienceMs = Math.min(MAX_PATIENCE_MS, 2 * patienceMs)
        this.#giveUpOn(source, now)
      }
      if (this.#sources.othersDeliver(source, now, patienceMs)) {
        // All wait behind it: others are asked as well, and it still owes them.
        if (source === late?.source) this.#window.askOthers(source.overdue(now, late.ms), source)
        this.#window.askOthers(source.takeOverdue(now, 2 * patienceMs), source)
        if (source.isTooSlow) this.#replace(source, now)
      }
    }
    this.#window.expire(now)
    this.#ask()
  }

  #giveUpOn(source: Source, now: number): void {
    const { keys, owed } = source.takeBack()
    this.#window.askOthers(keys, source)
    this.#sources.drop(source.peer)
    if (!owed) return
    if (keys.some((key) => this.#window.at(key)?.stage !== 'missing')) this.#condemn(source.peer, now)
    else this.#sources.suspect(source.peer, keys, now)
  }

  /** It sends, but so little that others wait for it. */
  #replace(source: Source, now: number): void {
    this.#window.askOthers(source.takeBack().keys, source)
    this.#sources.drop(source.peer)
    this.#condemn(source.peer, now)
  }

  /** Others sent what it did not. */
  #condemn(peer: Peer, now: number): void {
    this.#patienceMs = PATIENCE_MS
    this.#sources.condemn(peer, now)
    this.#onStalled(peer)
  }

  #ask(): void {
    const now = this.#clock.nowMs()
    const usable = this.#table.list().filter((peer) => peer.keepsChain)
    if (!usable.some((peer) => this.#sources.of(peer).room > 0)) return
    const batches = new Map<Source, string[]>()
    const room = new Map(usable.map((peer) => [peer, this.#sources.of(peer).room]))
    const isSlow = (peer: Peer): boolean => this.#sources.isSlow(peer, now)
    let passedOver = 0
    for (const block of this.#window.toAsk()) {
      if (this.#elsewhere(block.key)) continue
      const peer = pickPeer(block, { usable, room, isSlow, has: (one) => this.#sources.has(one, block) })
      if (peer === undefined) {
        if (++passedOver > MAX_PASSED_OVER) break
        continue
      }
      const source = this.#sources.of(peer)
      block.from = source
      block.atMs = now
      source.asked(block.key, now, this.#sources.has(peer, block))
      room.set(peer, (room.get(peer) ?? 0) - 1)
      batches.set(source, [...(batches.get(source) ?? []), block.key])
      if (![...room.values()].some((left) => left > 0)) break
    }
    for (const [source, keys] of batches)
      for (let at = 0; at < keys.length; at += MAX_BATCH) this.#send(source, keys.slice(at, at + MAX_BATCH))
  }

  #send(source: Source, keys: string[]): void {
    const { connection } = source.peer
    const payload = toBinary(GetBlocksSchema, create(GetBlocksSchema, { hashes: keys.map(hexToBytes) }))
    connection.allowAnswers(MessageType.BLOCK, keys.length)
    if (connection.send({ type: MessageType.GET_BLOCKS, payload })) return
    // It did not leave: nobody is late. It is put again when something moves.
    for (const key of keys) source.inFlight.delete(key)
    this.#window.release(keys, source)
  }
}
