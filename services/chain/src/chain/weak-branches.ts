import type { BlockHeader } from '@camelid/codec'
import { workOf } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { Clock } from '@camelid/runtime'
import { ChainError } from '../chain-error.ts'
import type { Tip } from './chain-state.ts'

/** A branch that lacks more work than this many blocks like the tip is weak. */
export const MAX_WORK_BEHIND = 1_000n
/** Headers of weak branches that are taken from one peer in an hour. A branch that leaves ours so far below may still come to have more work. */
const PER_PEER = 10_000
const WINDOW_MS = 3_600_000
const MAX_PEERS = 1_000

/**
 * Bounds the headers of branches that lead nowhere as far as they were told: made where the difficulty was low, they cost next to nothing.
 * In memory: what all peers together bring is bounded in the database.
 */
export class WeakBranches {
  readonly #clock: Clock
  readonly #byPeer = new Map<string, { count: number; sinceMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Counts new headers against who sent them, where their branch is weak.
   * @param work of the branch up to the header before them
   * @throws ChainError WEAK_BRANCH where there were too many
   */
  take(peer: Uint8Array, headers: readonly BlockHeader[], { work, tip }: { work: bigint; tip: Tip['node'] }): void {
    const claimed = headers.reduce((sum, { bits }) => sum + workOf(bits), work)
    if (tip.work - claimed <= MAX_WORK_BEHIND * workOf(tip.header.bits)) return
    const key = bytesToHex(peer)
    const now = this.#clock.nowMs()
    const known = this.#byPeer.get(key)
    const entry = known !== undefined && now - known.sinceMs < WINDOW_MS ? known : { count: 0, sinceMs: now }
    if (entry.count + headers.length > PER_PEER)
      throw new ChainError(
        'WEAK_BRANCH',
        `more than ${PER_PEER} headers of branches with far less work than ours within an hour`,
      )
    entry.count += headers.length
    this.#byPeer.delete(key)
    this.#byPeer.set(key, entry)
    const oldest = this.#byPeer.keys().next().value
    if (this.#byPeer.size > MAX_PEERS && oldest !== undefined) this.#byPeer.delete(oldest)
  }
}
