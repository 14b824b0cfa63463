import { createHash } from 'node:crypto'
import type { NativeContext } from '../llama/native-context.ts'
import { type Group, leastRows } from './least-rows.ts'

/** Kernels take so many rows at a time or fewer: larger groups but the largest are not looked at. */
const MOST_ROWS = 17
/** Tokens tried until the logits of one differ among themselves. */
const MOST_TOKENS = 16

/**
 * The fewest rows, one of each sequence, that must be computed together for their logits to be those of any larger group to the bit:
 * llama.cpp takes other kernels for one row than for several, which sum in another order, where weights are not quantised. Found by
 * trying, as it depends on the model, the build and the processor. Undefined where there is no such number.
 *
 * @param context in which nothing is held yet
 * @throws EngineError ENGINE_FAILED
 */
export async function leastRowsOf(context: NativeContext): Promise<number | undefined> {
  const { sequences } = context.shape
  const token = await tellingToken(context)
  if (token === undefined) return undefined
  const groups: Group[] = []
  for (let size = 1; size <= Math.min(sequences, MOST_ROWS); size++) groups.push(await compute(context, size, token))
  if (sequences > MOST_ROWS) groups.push(await compute(context, sequences, token))
  return leastRows(groups)
}

/** A token that says something of the kernels: one that has no embedding comes out the same by all of them. */
async function tellingToken(context: NativeContext): Promise<number | undefined> {
  const { vocabularySize } = context
  for (let i = 1; i <= MOST_TOKENS; i++) {
    const token = Math.floor((i * vocabularySize) / (MOST_TOKENS + 1))
    const [logits] = await decode(context, 1, token)
    if (logits?.some((logit) => logit !== logits[0])) return token
  }
  return undefined
}

/** A digest of each row's logits. */
async function compute(context: NativeContext, rows: number, token: number): Promise<Group> {
  const logits = await decode(context, rows, token)
  return logits.map((row) => createHash('sha256').update(row).digest('base64'))
}

/** Logits of the same first token in each of some sequences. */
async function decode(context: NativeContext, rows: number, token: number): Promise<Float32Array[]> {
  const numbers = [...new Array(rows).keys()]
  for (const number of numbers) context.add(number, 0, token, true)
  await context.decode()
  const logits = numbers.map((number) => Float32Array.from(context.logits(number)))
  for (const number of numbers) context.cut(number, 0)
  return logits
}
