import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { nextInput } from './mutate.ts'
import { Random } from './random.ts'
import type { Target } from './target.ts'

export interface Tally {
  readonly name: string
  readonly inputs: number
  readonly taken: number
  /** The first few inputs, in hex, that made something else than a value or a named error. */
  readonly crashes: readonly { readonly input: string; readonly error: string }[]
  readonly crashed: number
  readonly slowestMs: number
  /** Bytes of memory in use at the end beyond those after the first tenth of the inputs: what decoders keep. */
  readonly grownBytes: number
}

const SHOWN_CRASHES = 5
const SHOWN_BYTES = 600

/** Where the work stands, for whoever watches: the number of the target, and of its input. */
export interface Place {
  target: number
  input: number
}

/** Feeds every target `count` inputs, each the same for the same seed. */
export function fuzzAll(
  targets: readonly Target[],
  options: { readonly seed: number; readonly count: number; readonly place: (at: Place) => void },
): Tally[] {
  return targets.map((target, number) =>
    fuzzOne(target, {
      random: new Random(options.seed + number * 7919),
      count: Math.ceil(options.count / target.every),
      place: (input) => options.place({ target: number, input }),
    }),
  )
}

function fuzzOne(
  target: Target,
  { random, count, place }: { random: Random; count: number; place: (input: number) => void },
): Tally {
  const crashes: { input: string; error: string }[] = []
  let [taken, crashed, slowestMs] = [0, 0, 0]
  let warmBytes = 0
  for (let i = 0; i < count; i++) {
    place(i)
    if (i === Math.floor(count / 10)) warmBytes = bytesInUse()
    const input = nextInput(target.samples, random)
    const shown = input.subarray(0, SHOWN_BYTES)
    const start = performance.now()
    try {
      if (target.takes(input)) taken++
    } catch (error) {
      crashed++
      if (crashes.length < SHOWN_CRASHES)
        crashes.push({ input: Buffer.from(shown).toString('hex'), error: String(error) })
    }
    slowestMs = Math.max(slowestMs, performance.now() - start)
  }
  return { name: target.name, inputs: count, taken, crashes, crashed, slowestMs, grownBytes: bytesInUse() - warmBytes }
}

/** Of this thread, after whatever nobody refers to is gone. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
