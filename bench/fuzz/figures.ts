import { atMost, exactly, type Figure, stated } from '../report.ts'
import type { Tally } from './fuzz.ts'

/** Longest that one input of some kilobytes may take; a keystore that is still one takes a tenth of this by design. */
const SLOWEST_MS = 2_000
/** What a decoder may keep over nine tenths of its inputs, for caches of the engine. */
const GROWN_MB = 16

/** Prints what became of each decoder's inputs, and sums it up. */
export function figuresOf(result: readonly Tally[] | string): Figure[] {
  if (typeof result === 'string') {
    console.log(result)
    return [exactly('crashes', 1, '', 0)]
  }
  const width = Math.max(...result.map(({ name }) => name.length))
  for (const { name, inputs, taken, crashed, crashes, slowestMs } of result) {
    const counts = `${String(inputs).padStart(8)} inputs ${String(taken).padStart(8)} taken ${String(crashed).padStart(4)} crashes`
    console.log(`  ${name.padEnd(width)} ${counts}  slowest ${slowestMs.toFixed(1)} ms`)
    for (const { input, error } of crashes) console.log(`    CRASH ${error}\n      ${input}`)
  }
  const sum = (of: (tally: Tally) => number) => result.reduce((total, tally) => total + of(tally), 0)
  return [
    stated(
      'inputs',
      sum(({ inputs }) => inputs),
      '',
    ),
    stated(
      'taken',
      sum(({ taken }) => taken),
      '',
    ),
    atMost('slowest input', Math.max(...result.map(({ slowestMs }) => slowestMs)), 'ms', SLOWEST_MS),
    atMost('memory kept by a decoder', Math.max(...result.map(({ grownBytes }) => grownBytes)) / 1e6, 'MB', GROWN_MB),
    exactly(
      'crashes',
      sum(({ crashed }) => crashed),
      '',
      0,
    ),
  ]
}
