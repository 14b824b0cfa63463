import { getLlama, type LlamaContext, type LlamaContextSequence, LlamaLogLevel } from 'node-llama-cpp'
import { decodeTokens } from '../library-insides.ts'
import { PlainReader } from '../plain-reader.ts'
import { toToken } from '../tokens.ts'

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

/** Milliseconds of reading tokens in one go by the library's documented call, which hands out the `top` likeliest logits where asked. */
export async function handOutMs(
  sequence: LlamaContextSequence,
  tokens: readonly number[],
  outputs: readonly boolean[],
  { vocabularySize, top }: { vocabularySize: number; top: number },
): Promise<number> {
  await sequence.clearHistory()
  using reader = new PlainReader(vocabularySize)
  const request = { top, tokens: [] }
  const wanted = outputs.flatMap((isAsked, after) => (isAsked ? [{ after, request }] : []))
  const started = performance.now()
  await reader.read(sequence, tokens, wanted)
  return performance.now() - started
}

/** Milliseconds of reading tokens one by one after others, llama.cpp computing the logits of each; nobody looks at them. */
export async function readEachMs(
  sequence: LlamaContextSequence,
  before: readonly number[],
  tokens: readonly number[],
): Promise<number> {
  await prefillMs(sequence, before, [])
  const started = performance.now()
  const ignored = { onOutput: () => undefined, afterBatch: () => Promise.resolve() }
  for (const token of tokens) await decodeTokens(sequence, [token], [true], ignored)
  return performance.now() - started
}

/** Milliseconds a token of the library's own sampler, from the first token on. */
export async function generateMs(
  sequence: LlamaContextSequence,
  before: readonly number[],
  { count, temperature }: { count: number; temperature: number },
): Promise<number> {
  await sequence.clearHistory()
  let written = 0
  let started = 0
  for await (const _ of sequence.evaluate(before.map(toToken), { temperature, seed: 1 })) {
    if (written === 0) started = performance.now()
    if (++written === count) break
  }
  return (performance.now() - started) / (written - 1)
}

/** Milliseconds of writing so many tokens after a prompt for each of `counts`, each sequence taking the next when it is done. */
export async function runTogetherMs(
  { context, sequences }: BareContext,
  { prompt, counts, temperature }: { prompt: string; counts: readonly number[]; temperature: number },
): Promise<number> {
  const { bos } = context.model.tokens
  const before = [...(bos === null ? [] : [bos]), ...context.model.tokenize(prompt)]
  let next = 0
  const work = async (sequence: LlamaContextSequence): Promise<void> => {
    for (let count = counts[next++]; count !== undefined; count = counts[next++])
      await generateMs(sequence, before, { count, temperature })
  }
  const started = performance.now()
  await Promise.all(sequences.map(work))
  return performance.now() - started
}
