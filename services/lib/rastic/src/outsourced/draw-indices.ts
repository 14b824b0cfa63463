import { RasticError } from '../errors.ts'

/** A whole number from 0 to below − 1, each as likely as the others, that nobody else can foretell. */
export type Random = (below: number) => number

export interface DrawnIndex {
  readonly index: number
  /** Asked only where something before it was not agreed on. */
  readonly spare: boolean
}

/**
 * The output indices that the client asks for, rising, drawn by itself alone: the first, the last, `wanted` − 2 others and up to
 * `spare` more (rastic: Outsourced check). Rising, because a question shows all tokens before its own: asked in this order, no
 * two neighbours together have seen the token that is still asked for.
 *
 * @throws RasticError BAD_POSITION
 */
export function drawIndices(args: {
  readonly tokens: number
  readonly wanted: number
  readonly spare: number
  readonly random: Random
}): DrawnIndex[] {
  const { tokens, wanted, spare, random } = args
  if (!Number.isSafeInteger(tokens) || tokens < 1)
    throw new RasticError('BAD_POSITION', `no position can be drawn from an output of ${tokens} tokens`)
  const drawn = new Map<number, boolean>([
    [0, false],
    [tokens - 1, false],
  ])
  const interior = shuffle(
    Array.from({ length: Math.max(0, tokens - 2) }, (_, i) => i + 1),
    random,
  )
  const must = Math.max(0, wanted - 2)
  for (const [i, index] of interior.slice(0, must + spare).entries()) drawn.set(index, i >= must)
  return [...drawn].map(([index, isSpare]) => ({ index, spare: isSpare })).sort((a, b) => a.index - b.index)
}

/** A copy in an order that is as likely as any other (Fisher–Yates). */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random(i + 1)
    const [a, b] = [shuffled[i], shuffled[j]]
    if (a !== undefined && b !== undefined) {
      shuffled[i] = b
      shuffled[j] = a
    }
  }
  return shuffled
}
