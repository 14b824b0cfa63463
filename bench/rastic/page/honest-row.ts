import type { HonestResult } from '../analyse/honest.ts'

/** After the name of what is told. */
export const HONEST_COLUMNS = ['T', 'jobs', 'tokens', 'not the same', 'largest margin', 'INVALID', 'INCONCLUSIVE']

export function honestRow(one: HonestResult): string[] {
  return [
    one.name,
    `${one.temperatureMilli / 1000}`,
    `${one.jobs}`,
    `${one.tokens}`,
    `${one.mismatches}`,
    one.largestMargin.toFixed(4),
    `${one.invalid}`,
    `${one.inconclusive}`,
  ]
}
