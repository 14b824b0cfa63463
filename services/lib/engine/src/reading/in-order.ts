/** So few are put in order one by one. */
const FEW = 128
const ID_BITS = 21
const SIGN = 0x8000_0000

/** Memory that is kept from one use to the next. */
export class Scratch {
  #memory = new Float64Array(1024)

  /** At least so long; holds anything. */
  take(length: number): Float64Array {
    if (length > this.#memory.length) this.#memory = new Float64Array(2 * length)
    return this.#memory
  }
}

const scratch = new Scratch()
const word = new Float32Array(1)
const bits = new Uint32Array(word.buffer)

/** The first `count` of some ids by falling logit, equal logits by rising id. */
export function idsInOrder(logits: Float32Array, ids: readonly number[], count = ids.length): number[] {
  const ordered = ids.length <= FEW ? insertEach(logits, ids) : sortKeys(logits, ids)
  if (count < ordered.length) ordered.length = count
  return ordered
}

function insertEach(logits: Float32Array, ids: readonly number[]): number[] {
  const ordered: number[] = []
  const values = scratch.take(ids.length)
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0
    const logit = logits[id] ?? Number.NaN
    let at = i
    for (; at > 0; at--) {
      const before = values[at - 1] ?? 0
      if (before > logit || (before === logit && (ordered[at - 1] ?? 0) < id)) break
      values[at] = before
      ordered[at] = ordered[at - 1] ?? 0
    }
    values[at] = logit
    ordered[at] = id
  }
  return ordered
}

/** By keys that sort as numbers do, far quicker than to compare: the logit's rank from above, then the id. */
function sortKeys(logits: Float32Array, ids: readonly number[]): number[] {
  const keys = scratch.take(ids.length).subarray(0, ids.length)
  for (let i = 0; i < keys.length; i++) {
    const id = ids[i] ?? 0
    // −0 is equal to 0, but of other bits.
    word[0] = (logits[id] ?? Number.NaN) + 0
    const raw = bits[0] ?? 0
    const rising = raw >= SIGN ? ~raw >>> 0 : (raw | SIGN) >>> 0
    keys[i] = (2 ** 32 - 1 - rising) * 2 ** ID_BITS + id
  }
  keys.sort()
  return Array.from(keys, (key) => key % 2 ** ID_BITS)
}
