import { getLlama, type LlamaContext, type LlamaContextSequence, LlamaLogLevel } from 'node-llama-cpp'
import { decodeTokens } from '../library-insides.ts'

/** node-llama-cpp with the engine's settings and nothing around it: what the engine is measured against. */
export interface BareContext {
  readonly context: LlamaContext
  readonly sequences: readonly LlamaContextSequence[]
}

export interface BareSettings {
  readonly modelPath: string
  readonly sequences: number
  /** Tokens. */
  readonly contextSize: number
}

const BATCH_TOKENS = 512

/** Closed with `stack`. */
export async function openBare(stack: AsyncDisposableStack, settings: BareSettings): Promise<BareContext> {
  const { modelPath, sequences: count, contextSize } = settings
  const options = { gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 } as const
  const llama = stack.use(await getLlama({ ...options, logLevel: LlamaLogLevel.error }))
  const model = stack.use(await llama.loadModel({ modelPath }))
  const context = stack.use(
    await model.createContext({
      contextSize,
      sequences: count,
      batchSize: BATCH_TOKENS,
      threads: 1,
      flashAttention: false,
    }),
  )
  return { context, sequences: Array.from({ length: count }, () => context.getSequence()) }
}

/** Milliseconds of reading tokens in one go, llama.cpp computing logits where asked; nobody looks at them. */
export async function prefillMs(
  sequence: LlamaContextSequence,
  tokens: readonly number[],
  outputs: readonly boolean[],
): Promise<number> {
  await sequence.clearHistory()
  const started = performance.now()
  await decodeTokens(sequence, tokens, outputs, { onOutput: () => undefined, afterBatch: () => Promise.resolve() })
  return performance.now() - started
}
