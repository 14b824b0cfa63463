import { KeyStream, sha256, utf8 } from '@camelid/crypto'

const KEY_TAG = utf8('camelid/gumbel/v1')
/** The largest double below 1: (2^53 − 1 + 0.5)·2^-53 would round to 1, whose noise is infinite. */
const LARGEST_U = 1 - 2 ** -53
/** Far more than the logarithms' rounding, and far less than any noise differs by. */
const ROUNDING = 1e-9

/** Ids whose noise `loud` keeps, about; those that lift an unlikely token are nearly always among them. */
const LOUD_IDS = 24

/** Upper bound of every g(t, v). */
export const NOISE_LIMIT = -Math.log(-Math.log(LARGEST_U))

/** The key of a job's noise, 32 bytes (rastic: The generation rule F). The jobId contains the job's seed. */
export function gumbelKey(jobId: Uint8Array): Uint8Array {
  const preimage = new Uint8Array(KEY_TAG.length + jobId.length)
  preimage.set(KEY_TAG)
  preimage.set(jobId, KEY_TAG.length)
  return sha256(preimage)
}

/** g(t, v): the Gumbel noise of token id `v` at index `t` of R (rastic: The generation rule F). A double, at most NOISE_LIMIT. */
export function gumbel(key: Uint8Array, t: number, v: number): number {
  return new PositionNoise(key, t).at(v)
}

/** A key stream takes memory, so that all positions share one, and find in it what the last of them computed. */
const stream = new KeyStream()
/** Positions are numbered; this one's numbers are in the stream. */
let present = 0
let numbered = 0

/** All ids of a vocabulary with at least so much noise. */
export interface Loud {
  readonly bound: number
  readonly vocabularySize: number
  /** Rising. */
  readonly ids: readonly number[]
  /** Of each of them. */
  readonly noise: readonly number[]
}

/** The noise of all token ids at one index of R: random access, computed when it is asked for. */
export class PositionNoise {
  readonly #number = ++numbered
  readonly #key: Uint8Array
  readonly #position: number
  #loud: Loud | undefined

  /** @param position t, the index in R of the token to choose; at most 2^53. */
  constructor(key: Uint8Array, position: number) {
    this.#key = key
    this.#position = position
  }

  /** No less than `at(id)`, and at hand: itself where it is known, what it stays below where it was looked at, else the largest. */
  limitOf(id: number): number {
    const loud = this.#loud
    if (loud === undefined || id >= loud.vocabularySize) return NOISE_LIMIT
    return loud.noise[loud.ids.indexOf(id)] ?? loud.bound
  }

  at(id: number): number {
    const known = this.#loud?.noise[this.#loud.ids.indexOf(id)]
    if (known !== undefined) return known
    this.#begin()
    stream.compute(id)
    return gumbelOf(stream.high(id), stream.low(id))
  }

  /** Computes ahead what `at` gives for the ids below `vocabularySize`: quicker than one by one where most are asked for. */
  fill(vocabularySize: number): void {
    this.#begin()
    stream.computeAll(vocabularySize)
  }

  /** The few ids with the most noise, found once: most of what a position's noise costs. */
  loud(vocabularySize: number): Loud {
    if (this.#loud?.vocabularySize !== vocabularySize) {
      const bound = Math.log(Math.max(1, vocabularySize / LOUD_IDS))
      this.#loud = { bound, vocabularySize, ...this.#search(bound, vocabularySize) }
    }
    return this.#loud
  }

  /** The ids below `vocabularySize` whose noise is at least `bound`, and any that miss it by a rounding only. */
  idsFrom(bound: number, vocabularySize: number): readonly number[] {
    const lowest = bound - ROUNDING * Math.max(1, Math.abs(bound))
    const loud = this.#loud
    if (loud?.vocabularySize !== vocabularySize || lowest < loud.bound) return this.#search(lowest, vocabularySize).ids
    return loud.ids.filter((_, i) => (loud.noise[i] ?? 0) >= lowest)
  }

  #search(lowest: number, vocabularySize: number): Pick<Loud, 'ids' | 'noise'> {
    this.#begin()
    // Noise grows with u, and u with its upper half: most ids need no logarithm.
    const lowestHigh = Math.floor(Math.exp(-Math.exp(-lowest)) * 2 ** 32) - 1
    const ids: number[] = []
    const noise: number[] = []
    for (const id of stream.withHighFrom(Math.max(0, lowestHigh), vocabularySize)) {
      const found = gumbelOf(stream.high(id), stream.low(id))
      if (!(found >= lowest)) continue
      ids.push(id)
      noise.push(found)
    }
    return { ids, noise }
  }

  /** The stream is this position's from here on. */
  #begin(): void {
    if (present === this.#number) return
    const position = this.#position
    stream.start({ key: this.#key, nonce0: position >>> 0, nonce1: Math.floor(position / 2 ** 32) })
    present = this.#number
  }
}

/** u(t, v) from the upper 53 bits of a u64, centred in (0, 1), and its noise. @param high, low the halves, u32 */
function gumbelOf(high: number, low: number): number {
  // x >> 11, as high·2^21 + (low >> 11): exact in a double.
  const u = Math.min((high * 2 ** 21 + (low >>> 11) + 0.5) * 2 ** -53, LARGEST_U)
  return -Math.log(-Math.log(u))
}
