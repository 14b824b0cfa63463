import {
  type ControlledEvaluateInputItem,
  getLlama,
  type LlamaContext,
  type LlamaContextSequence,
  LlamaLogLevel,
  type Token,
} from 'node-llama-cpp'

/** node-llama-cpp by what it documents, with the engine's settings. */
export interface BareLoop {
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
export async function openBareLoop(stack: AsyncDisposableStack, settings: BareSettings): Promise<BareLoop> {
  const { modelPath, sequences: count, contextSize } = settings
  const options = { gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 } as const
  const llama = stack.use(await getLlama({ ...options, logLevel: LlamaLogLevel.error }))
  const model = stack.use(await llama.loadModel({ modelPath }))
  const shape = { contextSize, sequences: count, batchSize: BATCH_TOKENS, threads: 1, flashAttention: false }
  const context = stack.use(await model.createContext(shape))
  return { context, sequences: Array.from({ length: count }, () => context.getSequence()) }
}

/** Milliseconds of reading tokens in one go, handing out the `top` likeliest logits where asked. */
export async function handOutMs(
  sequence: LlamaContextSequence,
  tokens: readonly number[],
  outputs: readonly boolean[],
  top: number,
): Promise<number> {
  await sequence.clearHistory()
  // At temperature 1 the library's sampler divides logits by one, and its top-k ranks them.
  const options = { temperature: 1, topK: top, topP: 1, minP: 0, seed: 1 }
  const asked = { generateNext: { options, logits: { filter: { tokens: [], includeTop: top } } } }
  const items = tokens.map((id, i): ControlledEvaluateInputItem => (outputs[i] ? [toToken(id), asked] : toToken(id)))
  const started = performance.now()
  await sequence.controlledEvaluate(items)
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
  { context, sequences }: BareLoop,
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

/** Ids that a model wrote, or was given: what the library's brand stands for. */
function toToken(id: number): Token {
  return id as Token
}
