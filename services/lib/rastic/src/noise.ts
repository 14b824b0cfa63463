import { sha256, utf8 } from '@camelid/crypto'
import { BLOCK_WORDS, chachaBlock, chachaKeyWords } from './chacha.ts'

/** Token ids that one 64-byte ChaCha block covers. */
const IDS_PER_BLOCK = 8
const KEY_TAG = utf8('camelid/gumbel/v1')
/** The largest double below 1: (2^53 − 1 + 0.5)·2^-53 would round to 1, whose noise is infinite. */
const LARGEST_U = 1 - 2 ** -53

/** Upper bound of every g(t, v): what a token whose noise was not computed may have at most. */
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

/** The ids with the most noise, and a bound for all others. */
export interface StrongestNoise {
  readonly ids: readonly number[]
  /** No id outside `ids` has more noise than this. */
  readonly cap: number
}

/** The noise of all token ids at one index of R: random access, a block computed when one of its eight ids is asked for. */
export class PositionNoise {
  readonly #key: Int32Array
  readonly #nonce0: number
  readonly #nonce1: number
  readonly #words = new Uint32Array(BLOCK_WORDS)
  #block = -1

  /** @param position t, the index in R of the token to choose; at most 2^53. */
  constructor(key: Uint8Array, position: number) {
    this.#key = chachaKeyWords(key)
    this.#nonce0 = position >>> 0
    this.#nonce1 = Math.floor(position / 2 ** 32)
  }

  at(id: number): number {
    return gumbelOf(this.#uniform(id))
  }

  /** The `count` ids below `vocabularySize` with the most noise. No logits needed, so it can be known before they are. */
  strongest(count: number, vocabularySize: number): StrongestNoise {
    // Noise grows with u: ranking by u saves two logarithms for each id. One more than asked for, to bound the rest.
    const ids: number[] = []
    const values: number[] = []
    let lowest = -1
    for (let id = 0; id < vocabularySize; id++) {
      const value = this.#uniform(id)
      if (ids.length > count) {
        if (value <= lowest) continue
        ids.pop()
        values.pop()
      }
      let at = ids.length
      while (at > 0 && (values[at - 1] ?? 0) < value) at--
      ids.splice(at, 0, id)
      values.splice(at, 0, value)
      lowest = values.at(-1) ?? -1
    }
    if (ids.length <= count) return { ids, cap: Number.NEGATIVE_INFINITY }
    ids.pop()
    return { ids, cap: gumbelOf(lowest) }
  }

  /** u(t, v): the upper 53 bits of the u64 at byte 8·v, centred in (0, 1). */
  #uniform(id: number): number {
    const block = Math.floor(id / IDS_PER_BLOCK)
    if (block !== this.#block) {
      chachaBlock(this.#key, block, this.#nonce0, this.#nonce1, this.#words)
      this.#block = block
    }
    const word = 2 * (id % IDS_PER_BLOCK)
    const low = this.#words[word] ?? 0
    const high = this.#words[word + 1] ?? 0
    // x >> 11, as high·2^21 + (low >> 11): exact in a double.
    return Math.min((high * 2 ** 21 + (low >>> 11) + 0.5) * 2 ** -53, LARGEST_U)
  }
}

function gumbelOf(u: number): number {
  return -Math.log(-Math.log(u))
}
