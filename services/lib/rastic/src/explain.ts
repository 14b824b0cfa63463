import type { Engine } from './engine.ts'
import type { CheckedPosition } from './report.ts'

/** Why an output is not what the model would have written, for the person who bought it. Positions are counted from 0. */
export function explainMisses(
  engine: Pick<Engine, 'model' | 'detokenize'>,
  before: readonly number[],
  tokenIds: readonly number[],
  positions: readonly CheckedPosition[],
): string {
  const misses = positions.filter((position) => position.kind === 'miss')
  const [first] = misses
  if (first === undefined) return 'no single position misses, but together they differ more than an honest node would'
  const quote = (id: number): string => {
    if (engine.model.endOfGeneration(id)) return 'the end of the text'
    const context = [...before, ...tokenIds.slice(0, first.index)]
    return JSON.stringify(new TextDecoder().decode(engine.detokenize(context, [id])))
  }
  const count = `${misses.length} of ${positions.length} checked positions miss`
  const margin = Number.isFinite(first.margin) ? `margin ${first.margin.toFixed(2)}` : 'a token that the job excludes'
  const chosen = `the model chooses ${quote(first.expected)}`
  if (engine.model.endOfGeneration(first.expected)) {
    return `the output was padded: at token ${first.index} the model had ended, the output says ${quote(first.claimed)} (${margin}; ${count})`
  }
  if (engine.model.endOfGeneration(first.claimed)) {
    return `the output was cut short: at token ${first.index} it ends, but ${chosen} there (${margin}; ${count})`
  }
  return `token ${first.index} is ${quote(first.claimed)}, but ${chosen} there (${margin}; ${count})`
}
