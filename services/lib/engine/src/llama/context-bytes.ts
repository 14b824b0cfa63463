import type { Llama } from './load-llama.ts'
import { type ContextShape, NativeContext } from './native-context.ts'
import { NativeModel } from './native-model.ts'

const MIB = 2 ** 20
const LOGIT_BYTES = 4
/** What llama.cpp says of the caches of keys and values, one or several, and of the memory to compute in. */
const SIZES = /^(?:llama_\w+: size|sched_reserve: .* compute buffer size) = +([\d.]+) MiB/

let last: Promise<unknown> = Promise.resolve()

/**
 * What llama.cpp will take for a context, wherever it lies: told by itself, in a dry run.
 *
 * @throws EngineError MODEL_BROKEN, ENGINE_FAILED
 */
export function contextBytes(llama: Llama, path: string, shape: ContextShape): Promise<number> {
  // One at a time: they all speak into one log.
  const told = last.then(() => dryRun(llama, path, shape))
  last = told.catch(() => {})
  return told
}

async function dryRun(llama: Llama, path: string, shape: ContextShape): Promise<number> {
  using model = await NativeModel.load(llama, path, { isDryRun: true })
  let mib = 0
  using _ = llama.log.listen((line) => {
    mib += Number(SIZES.exec(line)?.[1] ?? 0)
  })
  using context = await NativeContext.create(model, shape)
  return mib * MIB + LOGIT_BYTES * model.vocabularySize * context.shape.batchTokens
}
