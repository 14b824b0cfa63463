import { BlockMaxima } from './block-maxima.ts'
import { BLOCK } from './block-maxima-wasm.ts'
import { idsInOrder, Scratch } from './in-order.ts'

/** Tokens are looked at in blocks, of which the highest logit comes first: of BLOCK ids, or so many for each token that is wanted. */
const BLOCKS_PER_TOKEN = 2

/** Kept from one position to the next: memory of an array's own costs more than to fill it. */
const blockMaxima = new BlockMaxima()
let smallMaxima = new Float32Array(0)
const ranked = new Scratch()

interface Blocks {
  readonly logits: Float32Array
  /** Ids of a block. */
  readonly size: number
  readonly blocks: number
  /** The highest logit of each. */
  readonly maxima: Float32Array
}

let latest: Blocks | undefined

/** The ids of the `count` highest logits, falling; of equal ones the lowest ids, rising. Logits that are no number are left out. */
export function highest(logits: Float32Array, count: number): number[] {
  if (count === 1) return [highestOf(logits)]
  const size = Math.max(1, Math.min(BLOCK, Math.floor(logits.length / (BLOCKS_PER_TOKEN * count))))
  const blocks = Math.ceil(logits.length / size)
  const maxima = size === BLOCK ? blockMaxima.of(logits) : maximaOf(logits, size, blocks)
  latest = { logits, size, blocks, maxima }
  // The highest logits of so many blocks reach it, so that at least as many tokens do.
  const bound = nthHighest(maxima, blocks, count)
  return idsInOrder(logits, idsFrom(logits, bound), count)
}

/** The ids of all logits of at least `bound`, rising. Quick where `highest` was asked of the same logits before. */
export function idsFrom(logits: Float32Array, bound: number): number[] {
  const { size, blocks, maxima } = ofSame(logits)
  const found: number[] = []
  for (let block = 0; block < blocks; block++) {
    if ((maxima[block] ?? Number.NaN) < bound) continue
    const end = Math.min((block + 1) * size, logits.length)
    for (let id = block * size; id < end; id++) if ((logits[id] ?? Number.NaN) >= bound) found.push(id)
  }
  return found
}

/** The blocks that were looked at last, where they are of these logits; else all as one block. */
function ofSame(logits: Float32Array): Blocks {
  if (latest?.logits === logits) return latest
  return { logits, size: logits.length, blocks: 1, maxima: Float32Array.of(Number.POSITIVE_INFINITY) }
}

function highestOf(logits: Float32Array): number {
  let best = 0
  let highest = Number.NEGATIVE_INFINITY
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? Number.NaN
    if (logit > highest) {
      best = id
      highest = logit
    }
  }
  return best
}

/** The highest logit of each block of ids. */
function maximaOf(logits: Float32Array, size: number, blocks: number): Float32Array {
  if (smallMaxima.length < blocks) smallMaxima = new Float32Array(2 * blocks)
  const maxima = smallMaxima
  for (let block = 0, id = 0; block < blocks; block++) {
    let highest = Number.NEGATIVE_INFINITY
    for (const end = Math.min(id + size, logits.length); id < end; id++) {
      const logit = logits[id] ?? Number.NaN
      if (logit > highest) highest = logit
    }
    maxima[block] = highest
  }
  return maxima
}

/** The `count`th highest of the first so many numbers, by quickselect; −Infinity where there are fewer. */
function nthHighest(numbers: Float32Array, length: number, count: number): number {
  if (count > length) return Number.NEGATIVE_INFINITY
  const rest = ranked.take(length)
  for (let i = 0; i < length; i++) rest[i] = numbers[i] ?? 0
  const wanted = count - 1
  let from = 0
  let to = length - 1
  while (from < to) {
    const pivot = rest[(from + to) >>> 1] ?? 0
    let high = from
    let low = to
    while (high <= low) {
      while ((rest[high] ?? 0) > pivot) high++
      while ((rest[low] ?? 0) < pivot) low--
      if (high > low) break
      const swapped = rest[high] ?? 0
      rest[high++] = rest[low] ?? 0
      rest[low--] = swapped
    }
    if (wanted <= low) to = low
    else if (wanted >= high) from = high
    else break
  }
  return rest[wanted] ?? Number.NEGATIVE_INFINITY
}
