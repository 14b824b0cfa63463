import type { NativeContext } from '../llama/native-context.ts'

/** Kernels choose by fewer rows than this, or not at all: larger groups are not looked at. */
const MOST_PROBED = 9

/**
 * The fewest rows, one of each sequence, that must be computed together for their logits to be those of any larger group to the bit:
 * llama.cpp takes other kernels for one row than for several, which sum in another order, where weights are not quantised. Found by
 * trying, as it depends on the model, the build and the processor.
 *
 * @param context in which nothing is held yet
 * @throws EngineError ENGINE_FAILED
 */
export async function leastRowsOf(context: NativeContext): Promise<number> {
  const most = Math.min(context.shape.sequences, MOST_PROBED)
  const all = await compute(context, most)
  let least = most
  while (least > 1 && isStartOf(await compute(context, least - 1), all)) least--
  return least
}

/** Logits of a first token in each of some sequences, another one in each. */
async function compute(context: NativeContext, rows: number): Promise<Float32Array[]> {
  const numbers = [...new Array(rows).keys()]
  for (const number of numbers) context.add(number, 0, number % context.vocabularySize, true)
  await context.decode()
  const logits = numbers.map((number) => Float32Array.from(context.logits(number)))
  for (const number of numbers) context.cut(number, 0)
  return logits
}

function isStartOf(some: readonly Float32Array[], all: readonly Float32Array[]): boolean {
  return some.every((row, number) => row.every((logit, id) => Object.is(logit, all[number]?.[id])))
}
