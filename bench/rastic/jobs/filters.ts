import type { Job } from '@camelid/codec'
import { PROMPTS_A_ROUND } from './prompts.ts'

/** What a job asks of the generation rule beside the temperature. */
export interface Filter extends Pick<Job, 'topK' | 'topPMicro'> {
  readonly name: string
}

export const UNFILTERED: Filter = { name: 'none', topK: 0, topPMicro: 1_000_000 }

const TURNS: readonly Filter[] = [
  UNFILTERED,
  { name: 'top-k 40', topK: 40, topPMicro: 1_000_000 },
  UNFILTERED,
  { name: 'top-p 0.95', topK: 0, topPMicro: 950_000 },
]

export const FILTER_RULE = `filters by turns over the jobs of each row: ${TURNS.map(({ name }) => name).join(', ')}`

/** The filter of a job, by its number; a turn later in each round of prompts, so that every opening meets every filter. */
export function filterOf(number: number): Filter {
  const turn = number + Math.floor(number / PROMPTS_A_ROUND)
  return TURNS[turn % TURNS.length] ?? UNFILTERED
}
