import type { Sample } from './sample.ts'

/** Checked tokens of outputs, in output and place as they were. */
export type Pool = readonly (readonly number[])[]

export function poolOf(samples: readonly Sample[]): Pool {
  return samples.map(({ margins }) => margins).filter((margins) => margins.length > 0)
}

/** Margins of `count` tokens, each of a job and a place drawn anew. */
export function drawTokens(pool: Pool, count: number, next: () => number): number[] {
  return Array.from({ length: count }, () => {
    const margins = pool[Math.floor(next() * pool.length)] ?? []
    return margins[Math.floor(next() * margins.length)] ?? 0
  })
}

/** As many jobs, drawn with repetition: what another run might have seen. */
export function resample(pool: Pool, next: () => number): Pool {
  return pool.map(() => pool[Math.floor(next() * pool.length)] ?? [])
}
