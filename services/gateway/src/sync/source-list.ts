import { LruMap } from '../lru-map.ts'
import type { Peer } from '../peers/peer.ts'
import { Source } from './source.ts'
import type { WantedBlock } from './wanted-block.ts'

/** A peer that did not send what others did is asked after them for so long; while that is not clear yet, for a moment. */
const SLOW_MS = 60_000
const SUSPECT_MS = 10_000
const MAX_SLOW = 1_000

/** The peers as sources of blocks: what each has, how it delivers, and who was slow of late. Times in milliseconds. */
export class SourceList {
  readonly #sources = new Map<Peer, Source>()
  /** How far up the way to the best header a peer has the blocks. */
  readonly #reach = new Map<Peer, number>()
  /** By h2: a new connection does not make a peer any faster. */
  readonly #slowUntil = new LruMap<string, number>(MAX_SLOW)
  /** What those who made no progress had been asked for. */
  readonly #suspects = new Map<Peer, ReadonlySet<string>>()
  #epoch = 0

  of(peer: Peer): Source {
    const known = this.#sources.get(peer)
    if (known !== undefined) return known
    const source = new Source(peer)
    this.#sources.set(peer, source)
    return source
  }

  all(): Source[] {
    return [...this.#sources.values()]
  }

  /** Forgets how it delivered. */
  drop(peer: Peer): void {
    this.#sources.delete(peer)
  }

  forget(peer: Peer): void {
    this.drop(peer)
    this.#reach.delete(peer)
    this.#suspects.delete(peer)
  }

  /** The way to the best header: on another one it is not known who has what. */
  turnTo(epoch: number): void {
    if (epoch === this.#epoch) return
    this.#epoch = epoch
    this.#reach.clear()
  }

  reaches(peer: Peer, height: number): void {
    this.#reach.set(peer, Math.max(height, this.#reach.get(peer) ?? 0))
  }

  has(peer: Peer, block: WantedBlock): boolean {
    return block.sources.has(peer) || (block.height !== undefined && block.height <= (this.#reach.get(peer) ?? -1))
  }

  /** It owes these blocks and made no progress: its fault, or that of our own line, which others' blocks will tell. */
  suspect(peer: Peer, keys: readonly string[], nowMs: number): void {
    this.#suspects.set(peer, new Set(keys))
    this.#slowUntil.set(peer.h2Hex, nowMs + SUSPECT_MS)
  }

  /** A block came from `peer`. @returns who had been asked for it, and has sent nothing since */
  convict(peer: Peer, key: string): Peer[] {
    this.#suspects.delete(peer)
    return [...this.#suspects].flatMap(([suspect, keys]) => (keys.has(key) ? [suspect] : []))
  }

  condemn(peer: Peer, nowMs: number): void {
    this.#suspects.delete(peer)
    this.#slowUntil.set(peer.h2Hex, nowMs + SLOW_MS)
  }

  isSlow(peer: Peer, nowMs: number): boolean {
    return (this.#slowUntil.get(peer.h2Hex) ?? 0) > nowMs
  }

  /** h2 of peers that were slow of late, in hex. */
  slow(nowMs: number): string[] {
    return [...this.#slowUntil.entries()].flatMap(([h2, untilMs]) => (untilMs > nowMs ? [h2] : []))
  }

  /** Whether blocks came from others while this one made no progress, or within our patience. */
  othersDeliver(source: Source, nowMs: number, patienceMs: number): boolean {
    const since = Math.min(source.progressMs, nowMs - patienceMs)
    return this.all().some((other) => other !== source && other.lastCameMs >= since)
  }
}
