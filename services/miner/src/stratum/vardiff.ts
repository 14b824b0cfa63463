/** A share about every 10 s tells the hash rate well and costs next to nothing. */
const WANTED_MS = 10_000
/** Looked at after so many shares, or so long: a machine that is far too fast is slowed down within a second. */
const SHARES = 20
const LONGEST_MS = 60_000
/** One look changes the difficulty at most by these factors; within a factor of 2 it stays as it is. */
const LEAST_FACTOR = 1 / 4
const MOST_FACTOR = 2 ** 12

/** The easiest target of any network, and far above any machine. */
export const LEAST_DIFFICULTY = 2 ** -16
export const MOST_DIFFICULTY = 2 ** 60

/** Finds the difficulty at which one connection finds a share about every 10 s. Time is passed in, in milliseconds. */
export class Vardiff {
  #since: number
  #shares = 0

  constructor(nowMs: number) {
    this.#since = nowMs
  }

  /** Notes a good share of this difficulty. @returns the difficulty from now on, the same where it fits */
  onShare(difficulty: number, nowMs: number): number {
    this.#shares++
    return this.#shares >= SHARES ? this.#look(difficulty, nowMs) : this.onTick(difficulty, nowMs)
  }

  /** To be called now and then: a miner that finds nothing must get less to do. */
  onTick(difficulty: number, nowMs: number): number {
    return nowMs - this.#since >= LONGEST_MS ? this.#look(difficulty, nowMs) : difficulty
  }

  #look(difficulty: number, nowMs: number): number {
    const elapsed = Math.max(1, nowMs - this.#since)
    const rate = (this.#shares * WANTED_MS) / elapsed
    this.#since = nowMs
    this.#shares = 0
    if (rate >= 0.5 && rate <= 2) return difficulty
    return tidy(difficulty * Math.min(MOST_FACTOR, Math.max(LEAST_FACTOR, rate)))
  }
}

/** The next power of two, within what makes sense: exact as a target, and the same for equal machines. */
export function tidy(difficulty: number): number {
  const power = 2 ** Math.round(Math.log2(difficulty))
  return Math.min(MOST_DIFFICULTY, Math.max(LEAST_DIFFICULTY, power))
}
