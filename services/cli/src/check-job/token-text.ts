import type { Engine } from '@camelid/rastic'
import { clean } from '../print.ts'

const LONGEST_TEXT = 40

/**
 * How a token reads after others: quoted, its control characters replaced, cut where it is long, with its id.
 *
 * @param before some ids of prefix and output up to it, in range
 */
export function tokenText(engine: Pick<Engine, 'model' | 'detokenize'>, before: readonly number[], id: number): string {
  if (!Number.isInteger(id) || id < 0 || id >= engine.model.vocabularySize) return `no token (${id})`
  if (engine.model.endOfGeneration(id)) return `end of text (${id})`
  const text = new TextDecoder().decode(engine.detokenize(before, [id]))
  const quoted = clean(JSON.stringify(text))
  return `${quoted.length > LONGEST_TEXT ? `${quoted.slice(0, LONGEST_TEXT - 2)}…"` : quoted} (${id})`
}
