import { sha256, utf8 } from '@camelid/crypto'
import { KeyStream } from './chacha.ts'
import { LANES, STATE_WORDS } from './chacha-wasm.ts'

/** Token ids that one 64-byte ChaCha block covers. */
const IDS_PER_BLOCK = STATE_WORDS / 2
const IDS_PER_GROUP = LANES * IDS_PER_BLOCK
/** Of the same block. */
const WORDS_TO_NEXT_ID = 2 * LANES
const SIGN = 0x8000_0000
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
/** Positions are numbered; this one's noise is in the stream, in the groups marked here. */
let present = 0
let numbered = 0
let filled = new Uint8Array(0)

/** All ids of a vocabulary with at least so much noise, and any that miss it by a rounding only. */
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
    const group = Math.floor(id / IDS_PER_GROUP)
    this.#fill(group, group + 1)
    return gumbelAt(highWordAt(id))
  }

  /** Computes ahead what `at` gives for the ids below `vocabularySize`: quicker than one by one where most are asked for. */
  fill(vocabularySize: number): void {
    this.#fill(0, Math.ceil(vocabularySize / IDS_PER_GROUP))
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
    this.fill(vocabularySize)
    // Noise grows with u, and u with its high word: most ids need no logarithm.
    const lowestHigh = Math.floor(Math.exp(-Math.exp(-lowest)) * 2 ** 32) - 1
    const candidates = findHighWords(Math.ceil(vocabularySize / IDS_PER_GROUP), lowestHigh).sort((a, b) => a - b)
    const ids: number[] = []
    const noise: number[] = []
    for (const id of candidates) {
      const found = gumbelAt(highWordAt(id))
      if (id >= vocabularySize || !(found >= lowest)) continue
      ids.push(id)
      noise.push(found)
    }
    return { ids, noise }
  }

  /** Computes what is missing of some groups. */
  #fill(group: number, end: number): void {
    if (present !== this.#number) {
      stream.start(this.#key, this.#position >>> 0, Math.floor(this.#position / 2 ** 32))
      present = this.#number
      filled.fill(0)
    }
    if (filled.length < end) {
      const longer = new Uint8Array(end)
      longer.set(filled)
      filled = longer
    }
    for (let from = group; from < end; from++) {
      if (filled[from] === 1) continue
      let to = from + 1
      while (to < end && filled[to] === 0) to++
      stream.fill(from, to)
      filled.fill(1, from, to)
      from = to
    }
  }
}

/** Where the upper half of a token's u64 stands in the stream's words. */
function highWordAt(id: number): number {
  return KeyStream.at(Math.floor(id / IDS_PER_BLOCK), 2 * (id % IDS_PER_BLOCK) + 1)
}

/** The ids of the first groups whose u64 has an upper half of at least `lowest`: where those lie, one after another. */
function findHighWords(groups: number, lowest: number): number[] {
  // Less than all, as an i32 in the same order: these are compared far more quickly.
  const bound = Math.max(0, lowest) ^ SIGN
  const { signed } = stream
  const ids: number[] = []
  for (let group = 0; group < groups; group++) {
    for (
      let number = 0, at = highWordAt(IDS_PER_GROUP * group);
      number < IDS_PER_BLOCK;
      number++, at += WORDS_TO_NEXT_ID
    ) {
      for (let block = 0; block < LANES; block++) {
        if (((signed[at + block] ?? 0) ^ SIGN) < bound) continue
        ids.push(IDS_PER_GROUP * group + IDS_PER_BLOCK * block + number)
      }
    }
  }
  return ids
}

/** u(t, v) from the upper 53 bits of the u64, centred in (0, 1), and its noise. */
function gumbelAt(highWord: number): number {
  const high = stream.words[highWord] ?? 0
  const low = stream.words[highWord - LANES] ?? 0
  // x >> 11, as high·2^21 + (low >> 11): exact in a double.
  const u = Math.min((high * 2 ** 21 + (low >>> 11) + 0.5) * 2 ** -53, LARGEST_U)
  return -Math.log(-Math.log(u))
}
