import { ROUND_CONSTANTS } from '../sha256-constants.ts'
import type { Dataflow, Value } from './dataflow.ts'

/** The working variables a … h of FIPS 180-4 §6.2.2. */
export type State = readonly [Value, Value, Value, Value, Value, Value, Value, Value]

/**
 * The first `rounds` rounds of one SHA-256 compression (FIPS 180-4 §6.2.2), before the state is added back.
 *
 * @param block 16 words
 */
export function compressionRounds(flow: Dataflow, state: State, block: readonly Value[], rounds: number): State {
  const w = [...block]
  let [a, b, c, d, e, f, g, h] = state
  let bc = flow.xor(b, c)
  for (let t = 0; t < rounds; t++) {
    if (t >= 16) w.push(scheduleWord(flow, w))
    const chosen = flow.xor(g, flow.and(e, flow.xor(f, g)))
    const t1 = flow.sum(h, flow.constant(ROUND_CONSTANTS[t] ?? 0), wordAt(w, t), chosen, rotations(flow, e, 6, 11, 25))
    // Majority from a ⊕ b and b ⊕ c; the former is the latter of the next round.
    const ab = flow.xor(a, b)
    const majority = flow.xor(b, flow.and(ab, bc))
    const t2 = flow.sum(majority, rotations(flow, a, 2, 13, 22))
    const next: State = [flow.sum(t1, t2), a, b, c, flow.sum(d, t1), e, f, g]
    ;[a, b, c, d, e, f, g, h] = next
    bc = ab
  }
  return [a, b, c, d, e, f, g, h]
}

/** The word of the message schedule that follows those in `w`. */
function scheduleWord(flow: Dataflow, w: readonly Value[]): Value {
  const t = w.length
  const [near, far] = [wordAt(w, t - 2), wordAt(w, t - 15)]
  const s1 = flow.xor(flow.rotateRight(near, 17), flow.rotateRight(near, 19), flow.shiftRight(near, 10))
  const s0 = flow.xor(flow.rotateRight(far, 7), flow.rotateRight(far, 18), flow.shiftRight(far, 3))
  return flow.sum(wordAt(w, t - 16), wordAt(w, t - 7), s0, s1)
}

function rotations(flow: Dataflow, value: Value, first: number, second: number, third: number): Value {
  return flow.xor(flow.rotateRight(value, first), flow.rotateRight(value, second), flow.rotateRight(value, third))
}

function wordAt(words: readonly Value[], index: number): Value {
  const word = words[index]
  if (word === undefined) throw new RangeError(`a SHA-256 block has 16 words, this one ${words.length}`)
  return word
}
