import { bytesToHex } from '@camelid/crypto'
import { LruMap } from '../lru-map.ts'
import type { Peer } from '../peers/peer.ts'
import { type ComeBlock, HeldBlocks } from './held-blocks.ts'
import type { Source } from './source.ts'
import type { WantedBlock, WantedPath } from './wanted-block.ts'

const MAX_WANTED = 4_096
/** Blocks on their way, by their size of late, and those that are here: beyond it only the lowest is asked for. */
const MAX_BYTES = 32 * 1024 * 1024
/** Of those that wait for their parents; what comes beyond it is let go, and asked for again. */
const MAX_HELD_BYTES = 48 * 1024 * 1024
/** One of a branch that is not the best is given up after so long, and a block that nobody sent asked of all again. */
const GIVE_UP_MS = 300_000
const AGAIN_MS = 15_000
/** The lowest block may take so long while others wait behind it, if blocks are no larger than this; else as much longer. */
const HEAD_MS = 1_000
const HEAD_BYTES = 64 * 1024
/** Blocks judged of late: what comes of them from a slow peer afterwards is passed over. */
const MAX_JUDGED = 8_192

/** The blocks that are wanted, in the order in which they were wanted, in bounded space. */
export class BlockWindow {
  readonly #onBlock: (block: ComeBlock) => void
  readonly #wanted = new Map<string, WantedBlock>()
  readonly #held = new HeldBlocks()
  readonly #judged = new LruMap<string, true>(MAX_JUDGED)
  #judgingBytes = 0
  readonly #sizes = new Map<string, number>()
  /** Of blocks, of late. */
  #meanBytes = 64 * 1024

  constructor(onBlock: (block: ComeBlock) => void) {
    this.#onBlock = onBlock
  }

  get size(): number {
    return this.#wanted.size
  }

  get heldBytes(): number {
    return this.#held.bytes
  }

  at(key: string): WantedBlock | undefined {
    return this.#wanted.get(key)
  }

  /** Undefined where there are too many. */
  want(hash: Uint8Array, nowMs: number): WantedBlock | undefined {
    const key = bytesToHex(hash)
    const known = this.#wanted.get(key)
    if (known !== undefined || this.#wanted.size >= MAX_WANTED) return known
    const fresh = { key, hash, height: undefined, sources: new Set<Peer>(), tried: new Set<Peer>(), atMs: nowMs }
    const block: WantedBlock = { ...fresh, from: undefined, stage: 'missing' }
    this.#wanted.set(key, block)
    return block
  }

  /** Gives what is wanted no more: the best header is of another branch now. */
  wantPath({ wanted, wantedHeights }: WantedPath, nowMs: number): WantedBlock[] {
    const keys = new Set(wanted.map(bytesToHex))
    const stale = [...this.#wanted.values()].filter(
      ({ key, height, stage }) => height !== undefined && stage === 'missing' && !keys.has(key),
    )
    for (const block of stale) this.#drop(block)
    for (const [i, hash] of wanted.entries()) {
      const block = this.want(hash, nowMs)
      if (block !== undefined) block.height = wantedHeights[i]
    }
    return stale
  }

  /** Blocks to ask for, in order, as far as there is room for them. */
  *toAsk(): Generator<WantedBlock> {
    let bytes = this.#held.bytes + this.#judgingBytes
    let lowest = true
    for (const block of this.#wanted.values()) {
      if (block.stage !== 'missing') continue
      if (!lowest && bytes + this.#meanBytes > MAX_BYTES) return
      bytes += this.#meanBytes
      lowest = false
      if (block.from === undefined) yield block
    }
  }

  /** Who is asked for the lowest block, and holds up all that came after it, for longer than a block of late size is worth waiting for. */
  holdingUp(nowMs: number): { source: Source; ms: number } | undefined {
    if (this.#held.bytes === 0) return undefined
    for (const { stage, from, atMs } of this.#wanted.values()) {
      if (stage !== 'missing') continue
      const ms = HEAD_MS * Math.max(1, this.#meanBytes / HEAD_BYTES)
      return from !== undefined && nowMs - atMs >= ms ? { source: from, ms } : undefined
    }
    return undefined
  }

  came(block: ComeBlock): void {
    const key = bytesToHex(block.hash)
    const wanted = this.#wanted.get(key)
    if (wanted === undefined ? this.#judged.has(key) : wanted.stage !== 'missing') return
    this.#meanBytes = Math.max(512, this.#meanBytes * 0.95 + block.raw.length * 0.05)
    const parent = this.#wanted.get(bytesToHex(block.prevHash))
    if (wanted !== undefined) wanted.from = undefined
    if (wanted === undefined || parent === undefined || parent.stage === 'judging') this.#handOver(block)
    else if (this.#held.bytes + block.raw.length <= MAX_HELD_BYTES) {
      wanted.stage = 'held'
      this.#held.hold(block)
    }
  }

  judged(hash: Uint8Array): void {
    const key = bytesToHex(hash)
    this.#judgingBytes -= this.#sizes.get(key) ?? 0
    this.#sizes.delete(key)
    this.#wanted.delete(key)
    this.#judged.set(key, true)
    for (const child of this.#held.takeChildren(hash)) this.#handOver(child)
  }

  /** It is asked for them no more. */
  release(keys: readonly string[], source: Source): void {
    for (const key of keys) {
      const block = this.#wanted.get(key)
      // By now another may be asked for it.
      if (block?.from === source) block.from = undefined
    }
  }

  /** They are to be asked of others than who did not send them. */
  askOthers(keys: readonly string[], late: Source): void {
    this.release(keys, late)
    for (const key of keys) this.#wanted.get(key)?.tried.add(late.peer)
  }

  forget(peer: Peer): void {
    for (const { sources, tried } of this.#wanted.values()) {
      sources.delete(peer)
      tried.delete(peer)
    }
  }

  expire(nowMs: number): void {
    for (const block of this.#wanted.values()) {
      if (block.stage !== 'missing' || block.from !== undefined) continue
      if (block.height === undefined && nowMs - block.atMs > GIVE_UP_MS) this.#drop(block)
      else if (nowMs - block.atMs > AGAIN_MS) block.tried.clear()
    }
  }

  #drop({ key, hash }: WantedBlock): void {
    this.#wanted.delete(key)
    for (const child of this.#held.takeChildren(hash)) this.#handOver(child)
  }

  #handOver(first: ComeBlock): void {
    const ready = [first]
    for (let block = ready.shift(); block !== undefined; block = ready.shift()) {
      const key = bytesToHex(block.hash)
      const wanted = this.#wanted.get(key)
      if (wanted !== undefined) wanted.stage = 'judging'
      if (!this.#sizes.has(key)) this.#judgingBytes += block.raw.length
      this.#sizes.set(key, block.raw.length)
      this.#onBlock(block)
      ready.push(...this.#held.takeChildren(block.hash))
    }
  }
}
