import { evaluatePositions, type PositionsToEvaluate } from './evaluate-positions.ts'

/**
 * The first and the last token once more, token by token. Clients can search for prompts on which backends differ at one
 * place, so that neither is held against a node alone unless it misses in this way too (rastic: The check, verdict).
 * Margins by index in the output; for the first token every input token is evaluated by itself, for the last every output token.
 */
export async function replayEdges(
  args: Omit<PositionsToEvaluate, 'indices' | 'oneByOneFrom'>,
  edges: readonly number[],
): Promise<Map<number, number>> {
  const replayed = new Map<number, number>()
  for (const index of edges) {
    const oneByOneFrom = index === 0 ? 0 : args.inputTokens.length
    const [margin] = await evaluatePositions({ ...args, indices: [index], oneByOneFrom })
    if (margin !== undefined) replayed.set(index, margin.margin)
  }
  return replayed
}
