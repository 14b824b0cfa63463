import { detectionAt } from '@camelid/rastic'
import type { Method } from './methods.ts'
import type { DrawToken, Pool } from './pool.ts'

/** Scores of many samples of tokens, as one method gives them: by number of tokens, then one for each draw. */
export type Scores = readonly (readonly number[])[]

/** The longer samples of a draw go on from the shorter ones. */
export function drawScores(
  methods: readonly Method[],
  pool: Pool,
  { counts, draws, beginDraw }: { counts: readonly number[]; draws: number; beginDraw: () => DrawToken },
): Map<string, Scores> {
  const begin = methods.map(({ tally }) => tally(pool))
  const scores = methods.map(() => counts.map((): number[] => []))
  for (let draw = 0; draw < draws; draw++) {
    const tallies = begin.map((start) => start())
    const drawToken = beginDraw()
    let drawn = 0
    for (const [i, count] of counts.entries()) {
      for (; drawn < count; drawn++) {
        const token = drawToken()
        for (const tally of tallies) tally.add(token)
      }
      for (const [m, tally] of tallies.entries()) scores[m]?.[i]?.push(tally.score())
    }
  }
  return new Map(methods.map(({ name }, m) => [name, scores[m] ?? []]))
}

/** Detection at a false-alarm rate of at most `falseAlarm`, for each number of tokens; NaN where the method does not go so far. */
export function detectionCurve(honest: Scores, cheats: Scores, falseAlarm: number): number[] {
  return cheats.map((some, i) =>
    some.some(Number.isNaN) ? Number.NaN : detectionAt(honest[i] ?? [], some, falseAlarm),
  )
}
