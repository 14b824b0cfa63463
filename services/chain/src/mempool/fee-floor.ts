import { INCREMENTAL_FEE_RATE } from './policy.ts'

/** Spacings in which the floor falls by half, as Bitcoin's 12 hours at its 10 minutes. */
const HALF_LIFE_SPACINGS = 72

/** What the floor depends on. */
export interface FloorContext {
  readonly nowMs: number
  /** Counts moves of the tip: the floor does not fall before the first block after it rose. */
  readonly tipVersion: bigint
  /** Share of the mempool's memory that is taken, 0 to 1. */
  readonly fill: number
  /** Target spacing of blocks, seconds. */
  readonly spacing: number
}

/**
 * The rolling minimum fee rate, base units a byte: who would pay no more than what gave way for want of room is refused at once. It falls
 * by half every 72 spacings, twice as fast while the mempool is less than half full, four times under a quarter.
 */
export class FeeFloor {
  #rate = 0
  #changedAtMs = 0
  #roseAt: bigint | undefined

  /** As it stands now; 0 where only the minimum relay fee counts. */
  rate({ nowMs, tipVersion, fill, spacing }: FloorContext): number {
    if (this.#rate === 0 || this.#roseAt === tipVersion) return this.#rate
    const speed = fill < 0.25 ? 4 : fill < 0.5 ? 2 : 1
    const halfLifeMs = (HALF_LIFE_SPACINGS * spacing * 1_000) / speed
    this.#rate *= 2 ** (-Math.max(0, nowMs - this.#changedAtMs) / halfLifeMs)
    this.#changedAtMs = nowMs
    if (this.#rate < Number(INCREMENTAL_FEE_RATE) / 2) this.clear()
    return this.#rate
  }

  /** Entries that paid `rate` gave way: the next has to pay more. */
  rise(rate: number, { nowMs, tipVersion }: Pick<FloorContext, 'nowMs' | 'tipVersion'>): void {
    const next = rate + Number(INCREMENTAL_FEE_RATE)
    if (next <= this.#rate) return
    this.#rate = next
    this.#changedAtMs = nowMs
    this.#roseAt = tipVersion
  }

  clear(): void {
    this.#rate = 0
    this.#roseAt = undefined
  }
}
