import type { NativeContext } from '../llama/native-context.ts'
import type { NativeModel } from '../llama/native-model.ts'
import { leastRowsOf } from './probe-rows.ts'
import type { RowPlan } from './rows-of.ts'

/**
 * Up to so many sequences of a model that large are computed apart as fast as together on one thread, and fewer far faster: of weights
 * that are not quantised two rows cost three times as much as one, four less than four (docs/figures.md). Smaller models spend much of
 * the time on what there is to do for each computation.
 */
const FAST_APART = { sequences: 4, weightBytes: 16 * 2 ** 20 }
/** With flash attention llama.cpp divides a long cache among threads for one sequence, and does not for several. */
const LEAST_WITH_FLASH_ATTENTION = 2
/** To fill up larger groups costs one sequence that writes alone more than several gain. */
const MOST_FILLED_UP = 2

/**
 * Chooses what is fastest of what leaves every token as it is. On a GPU nothing does for certain: there all are computed together.
 *
 * @param context in which nothing is held yet
 * @throws EngineError ENGINE_FAILED
 */
export async function planRows(context: NativeContext, model: NativeModel): Promise<RowPlan> {
  const { sequences, threads, flashAttention } = context.shape
  const onGpu = model.llama.gpu !== false
  if (onGpu || sequences === 1) return { kind: 'together', least: 1 }
  const probed = await leastRowsOf(context)
  const least = probed === undefined ? undefined : Math.max(probed, flashAttention ? LEAST_WITH_FLASH_ATTENTION : 1)
  if (least === 1) return { kind: 'together', least }
  const isFastApart = threads === 1 && sequences <= FAST_APART.sequences && model.weightBytes >= FAST_APART.weightBytes
  // A row that fills up a group is cut off again.
  const canFillUp = least !== undefined && least <= MOST_FILLED_UP && model.canCutBack
  return canFillUp && !isFastApart ? { kind: 'together', least } : { kind: 'apart', batched: !model.keepsState }
}
