import type { HonestResult } from '../analyse/honest.ts'
import { HONEST_COLUMNS, honestRow } from './honest-row.ts'
import { table } from './markdown.ts'

export function filtersPart(results: readonly HonestResult[]): string {
  return `The same jobs by their filters, all regimes with a key-value cache in F16. Where noise moves a token over a filter's border, its margin
is the shift that lets it in or keeps it out. At T 0 a filter changes nothing.

${table(['filter', ...HONEST_COLUMNS], results.map(honestRow))}
`
}
