import type { Engine, Generated } from '@camelid/rastic'

/** Another token than `id` that does not end the text: half the vocabulary away, so that it hardly ever makes sense there. */
export function otherToken({ model }: Engine, id: number): number {
  for (let step = 0; step < model.vocabularySize; step++) {
    const other = (id + Math.floor(model.vocabularySize / 2) + step) % model.vocabularySize
    if (other !== id && !model.endOfGeneration(other)) return other
  }
  return id
}

/** The first token that ends generation. */
export function endToken({ model }: Engine): number {
  for (let id = 0; id < model.vocabularySize; id++) if (model.endOfGeneration(id)) return id
  throw new Error(`${model.name} has no token that ends a text`)
}

/** The same run with other tokens, and the text that they spell: a cheat whose text gives it away would be too easy. */
export function withTokens(
  engine: Engine,
  prefix: readonly number[],
  generated: Generated,
  tokenIds: readonly number[],
): Generated {
  return { ...generated, tokenIds, text: engine.detokenize(prefix, tokenIds) }
}
