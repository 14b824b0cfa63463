import type { Sample } from '../collect/sample.ts'

/** Checked tokens of outputs, one after another as they were. */
export interface Pool {
  /** Logit units. */
  readonly margins: readonly number[]
  /** Of reported logits, one for each margin; empty where some output has none. */
  readonly distances: readonly number[]
  /** Index of the first token of each output, and at the end the number of all tokens. */
  readonly starts: readonly number[]
}

export function poolOf(samples: readonly Sample[]): Pool {
  const some = samples.filter(({ margins }) => margins.length > 0)
  const starts = [0]
  for (const { margins } of some) starts.push((starts.at(-1) ?? 0) + margins.length)
  const hasReports = some.every(({ distances }) => distances !== undefined)
  return {
    margins: some.flatMap(({ margins }) => margins),
    distances: hasReports ? some.flatMap(({ distances }) => distances ?? []) : [],
    starts,
  }
}

/** Draws tokens of a pool, one after another. */
export type DrawToken = () => number

/** Each token as likely as another. */
export function anyToken({ margins }: Pool, next: () => number): DrawToken {
  return () => Math.floor(next() * margins.length)
}

/** Any token of as many outputs, drawn with repetition: what another run might have seen. */
export function anyTokenOfOthers({ starts }: Pool, next: () => number): DrawToken {
  const outputs = starts.length - 1
  const drawn = Array.from({ length: outputs }, () => Math.floor(next() * outputs))
  const tokens = drawn.flatMap((output) => {
    const [from, to] = [starts[output] ?? 0, starts[output + 1] ?? 0]
    return Array.from({ length: to - from }, (_, i) => from + i)
  })
  return () => tokens[Math.floor(next() * tokens.length)] ?? 0
}

/** The first token of an output, one between and the last, then those of another: as the whitepaper checks, each output as likely as another. */
export function threeOfOutputs({ starts }: Pool, next: () => number): DrawToken {
  const below = (count: number): number => Math.floor(next() * count)
  let three: number[] = []
  return () => {
    if (three.length === 0) {
      const output = below(starts.length - 1)
      const [first, end] = [starts[output] ?? 0, starts[output + 1] ?? 0]
      const last = end - 1
      // An output of two tokens has none between.
      three = [first, Math.min(last, first + 1 + below(Math.max(1, last - first - 1))), last]
    }
    return three.shift() ?? 0
  }
}
