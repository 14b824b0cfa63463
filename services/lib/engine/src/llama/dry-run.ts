import type { Llama } from './load-llama.ts'
import { type LogLine, warningsOf } from './native-log.ts'
import { type ContextShape, contextParams, modelParams } from './params.ts'

const MIB = 2 ** 20
const LOGIT_BYTES = 4
/** What llama.cpp says of the caches of keys and values, one or several, and of the memory to compute in. */
const SIZES = /^(?:llama_\w+: size|sched_reserve: .* compute buffer size) = +([\d.]+) MiB/

export interface DryRun {
  /** Whether nothing is wrong, so that where the real run fails it is for want of memory. */
  readonly isRight: boolean
  /** What a context takes, wherever it lies. */
  readonly contextBytes: number
  readonly lines: readonly LogLine[]
  /** Warnings and errors among them. */
  readonly said: string
}

/**
 * Goes through the loading of a model, and through the making of a context with it where a shape is given, without their memory.
 * It takes a moment, in this thread: what llama.cpp says can be heard in no other. Only in turn, see Llama.
 */
export function dryRun(llama: Llama, path: string, shape?: ContextShape): DryRun {
  const { functions } = llama
  let isRight = false
  let logitBytes = 0
  const lines = llama.hear(() => {
    const model = functions.llama_model_load_from_file(path, modelParams(llama, true))
    if (model === 0) return
    const window = functions.llama_model_n_swa(model)
    const context = shape && functions.llama_init_from_model(model, contextParams(llama, window, shape))
    isRight = context !== 0
    const vocabularySize = functions.llama_vocab_n_tokens(functions.llama_model_get_vocab(model))
    logitBytes = LOGIT_BYTES * vocabularySize * (shape?.batchTokens ?? 0)
    if (context !== undefined && context !== 0) functions.llama_free(context)
    functions.llama_model_free(model)
  })
  const mib = lines.reduce((sum, { text }) => sum + Number(SIZES.exec(text)?.[1] ?? 0), 0)
  return { isRight, contextBytes: mib * MIB + logitBytes, lines, said: warningsOf(lines) }
}
