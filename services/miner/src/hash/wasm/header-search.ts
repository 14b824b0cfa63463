import { INITIAL_STATE } from '../sha256-constants.ts'
import { Dataflow, type Value } from './dataflow.ts'
import { compressionRounds, type State } from './sha256-rounds.ts'

const PADDING = 0x80000000 | 0
const HEADER_BITS = 80 * 8
const HASH_BITS = 32 * 8

export interface HeaderSearch {
  readonly flow: Dataflow
  /** Midstate (8 words), bytes 64…75 of the header (3), the target's most significant word (1). */
  readonly inputs: readonly Value[]
  readonly nonces: Value
  /** All ones in the lanes whose hash may be at or below the target, judged by its most significant word alone. */
  readonly hit: Value
}

/**
 * SHA-256d of four headers that differ only in their nonces.
 * What depends on the header alone, such as the first rounds and much of the schedule, comes out as fixed values.
 */
export function headerSearch(): HeaderSearch {
  const flow = new Dataflow()
  const constants = (words: readonly number[]) => words.map((word) => flow.constant(word))
  const midstate = mapState(INITIAL_STATE, () => flow.input())
  const tail = [flow.input(), flow.input(), flow.input()]
  const limit = flow.input()
  const nonces = flow.nonces()

  // The header holds the nonce little-endian, SHA-256 reads words big-endian.
  const block = [...tail, flow.swapBytes(nonces), ...constants([PADDING, ...zeros(10), HEADER_BITS])]
  const first = compressionRounds(flow, midstate, block, 64)
  const hash = midstate.map((word, i) => flow.sum(word, first[i] ?? word))

  const initial = mapState(INITIAL_STATE, (word) => flow.constant(word))
  const hashBlock = [...hash, ...constants([PADDING, ...zeros(6), HASH_BITS])]
  // The last word of the hash is the `e` of round 60: the three rounds after it only move it to `h`.
  const second = compressionRounds(flow, initial, hashBlock, 61)
  const lastWord = flow.sum(initial[7], second[4])
  const hit = flow.atOrBelow(flow.swapBytes(lastWord), limit)
  return { flow, inputs: [...midstate, ...tail, limit], nonces, hit }
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0)

function mapState(words: Int32Array, value: (word: number) => Value): State {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = words
  return [value(a), value(b), value(c), value(d), value(e), value(f), value(g), value(h)]
}
