import { analyseHonest, type HonestResult } from '../analyse/honest.ts'
import { QUANTISED_CACHE } from '../collect/regimes.ts'
import type { Sample } from '../collect/sample.ts'
import { HONEST_COLUMNS, honestRow } from './honest-row.ts'
import { table } from './markdown.ts'

/** Honest jobs of one filter and temperature, of all regimes that are noise of the profile's kind; named by the filter. */
export function honestByFilter(
  honest: readonly Sample[],
  profile: Parameters<typeof analyseHonest>[1],
): readonly HonestResult[] {
  const covered = honest.filter(({ name }) => name !== QUANTISED_CACHE)
  const groups = Map.groupBy(covered, ({ temperatureMilli, filter }) => `${temperatureMilli} ${filter}`)
  return [...groups.values()].map((some) => ({ ...analyseHonest(some, profile), name: some[0]?.filter ?? '' }))
}

export function filtersPart(results: readonly HonestResult[]): string {
  return `The same jobs by their filters, all regimes with a key-value cache in F16. Where noise moves a token over a filter's border, its margin
is the shift that lets it in or keeps it out. At T 0 a filter changes nothing.

${table(['filter', ...HONEST_COLUMNS], results.map(honestRow))}
`
}
