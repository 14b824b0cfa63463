import { usage } from './cli-error.ts'

/** "1000" → 1000. Errors: USAGE. */
export function parseCount(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usage(`"${text}" is no number: ${option} takes a whole number such as 1000`)
  return Number(text)
}
