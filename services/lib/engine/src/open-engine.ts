import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Engine } from '@camelid/rastic'
import type { Llama, LlamaContext, LlamaContextOptions, LlamaModel } from 'node-llama-cpp'
import { BatchGate } from './batch-gate.ts'
import { BatchReader } from './batch-reader.ts'
import { EngineError } from './errors.ts'
import { evaluateTokens } from './evaluate.ts'
import { generateTokens } from './generate.ts'
import { hasKnownInsides } from './library-insides.ts'
import { checkModelFile } from './model-file.ts'
import type { ModelMemory } from './model-memory.ts'
import { PlainReader } from './plain-reader.ts'
import { SequencePool } from './sequence-pool.ts'
import { startLlama } from './start-llama.ts'
import { BATCH_TOKENS, type TokenReader } from './token-reader.ts'
import { checkTokenIds, detokenizeAfter, longestTokenOf, tokenizeInput } from './tokens.ts'

/** What package.json pins a release of: commitments and noise profiles name both. */
const BINDING = 'node-llama-cpp'

/** What the engine tells of itself; pino's logger fits. */
export interface EngineLog {
  debug(data: object, message: string): void
  warn(data: object, message: string): void
}

export interface EngineOptions {
  /** GGUF file. */
  readonly modelPath: string
  /** What the registry says of the file; its hash is checked where given. */
  readonly expected?: { readonly name: string; readonly sha256: string; readonly contextSize: number }
  /** Jobs that run at a time, in one continuous batch. */
  readonly sequences: number
  /** CPU threads; one is fastest for tiny models. */
  readonly threads: number
  /** Where layers are computed; false for the CPU. */
  readonly gpu?: false | 'auto' | 'cuda' | 'vulkan' | 'metal'
  /** Off where left out; a run that has it on is no run of the noise profiles that ship: for measuring. */
  readonly flashAttention?: boolean
  /** Of the key-value cache; F16 where left out. Q8_0 needs flash attention, and is for measuring too. */
  readonly cacheType?: 'F16' | 'Q8_0'
  /** Waited after each generated token, milliseconds. */
  readonly tokenDelayMs?: number
  /** Bounds what this engine may take; unbounded where left out. */
  readonly memory?: ModelMemory
  readonly log: EngineLog
}

/**
 * Loads a model into llama.cpp. Flash attention is off unless it is asked for: "auto" would make it, and with it some tokens, differ
 * from machine to machine (rastic: Engine facts).
 *
 * @throws EngineError MODEL_NOT_FOUND, MODEL_BROKEN, MODEL_HASH_MISMATCH, MODEL_TOO_LARGE, GPU_NOT_USABLE, ENGINE_FAILED
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { modelPath, expected, sequences, threads, tokenDelayMs = 0, memory, log } = options
  const { flashAttention = false, cacheType = 'F16' } = options
  const sha256 = await checkModelFile(modelPath, expected?.sha256)
  await using stack = new AsyncDisposableStack()
  // Loaded only when a model is: it takes longer than all else a service does at its start.
  const library = await import('node-llama-cpp')
  const llama = stack.use(await startLlama(library, options))
  const name = expected?.name ?? basename(modelPath, '.gguf')
  if (memory !== undefined) stack.use(memory.reserve((await stat(modelPath)).size, `the weights of ${name}`))
  const model = stack.use(await loadModel(llama, modelPath))
  const contextSize = Math.min(expected?.contextSize ?? model.trainContextSize, model.trainContextSize)
  const shape = { contextSize, sequences, batchSize: BATCH_TOKENS, flashAttention }
  if (memory !== undefined)
    stack.use(memory.reserve(await contextBytes(model, shape), `the context of ${name} for ${sequences} sequences`))
  const vocabularySize = [...model.iterateAllTokens()].length
  // Closed after the context, which may still be using them.
  const readers = stack.use(new DisposableStack())
  const settings = { ...shape, threads, experimentalKvCacheKeyType: cacheType, experimentalKvCacheValueType: cacheType }
  const context = stack.use(await createContext(library, model, settings, name))
  const release = await library.getModuleVersion()
  const reader = readers.use(readerFor(context, { release, vocabularySize, log }))
  const pool = new SequencePool(context, sequences)
  const gate = new BatchGate()
  stack.defer(() => pool.close())
  const owned = stack.move()

  const limits = { vocabularySize, contextSize, longestToken: longestTokenOf(model) }
  const endings = new Set([...model.iterateAllTokens()].filter((token) => model.isEogToken(token)).map(Number))
  const nowUs = (): number => Math.round(performance.now() * 1000)
  const tokenize: Engine['tokenize'] = (input, prefix) => {
    pool.requireOpen()
    return tokenizeInput(model, limits, input, prefix)
  }
  const detokenize: Engine['detokenize'] = (prefix, ids) => {
    pool.requireOpen()
    return detokenizeAfter(model, vocabularySize, prefix, ids)
  }
  const endOfGeneration = (id: number): boolean => endings.has(id)

  return {
    model: {
      sha256,
      name,
      vocabularySize,
      contextSize,
      endOfGeneration,
    },
    engine: `${BINDING} ${release} / llama.cpp ${llama.llamaCppRelease.release}`,
    backend: `${llama.gpu === false ? 'cpu' : llama.gpu} ${process.arch}`,
    tokenize,
    detokenize,
    async generate(request) {
      const inputTokens = tokenize(request.job.input, request.job.prefix)
      checkFits(inputTokens.length, request.job.maxTokens, contextSize)
      // Only a job that names what it continues: others would find no more than their beginnings alike.
      const continued = request.job.prefix.length > 0 ? inputTokens : []
      const setting = { reader, vocabularySize, inputTokens, endOfGeneration, tokenDelayMs, nowUs, gate }
      return await pool.withPrefix(request.signal, continued, async (sequence, heldTokens) => {
        const generated = await generateTokens({ ...setting, sequence, heldTokens }, request)
        const text = detokenize(request.job.prefix, generated.tokenIds)
        return { ...generated, text, inputTokens: inputTokens.length, heldTokens }
      })
    },
    async evaluate(request) {
      checkTokenIds(request.tokens, vocabularySize)
      // One more than is read: the token that the last position is about.
      checkFits(request.tokens.length, 1, contextSize)
      return await pool.with(request.signal, (sequence) => evaluateTokens(sequence, reader, request))
    },
    nowUs,
    dispose: () => owned.disposeAsync(),
  }
}

/** @throws EngineError NO_TOKENS_ASKED, PROMPT_TOO_LONG, before any work */
function checkFits(inputTokens: number, maxTokens: number, contextSize: number): void {
  if (maxTokens < 1) throw new EngineError('NO_TOKENS_ASKED', 'the job asks for no tokens: ask for at least one')
  if (inputTokens + maxTokens <= contextSize) return
  const detail = `the prompt has ${inputTokens} tokens and ${maxTokens} more are asked for, but the model's context holds ${contextSize}: shorten the prompt or ask for fewer tokens`
  throw new EngineError('PROMPT_TOO_LONG', detail, { data: { inputTokens, maxTokens, contextSize } })
}

async function loadModel(llama: Llama, path: string): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: path })
  } catch (cause) {
    const detail = `llama.cpp cannot load ${path}: fetch the file again`
    throw new EngineError('MODEL_BROKEN', detail, { data: { path }, cause })
  }
}

/** @throws EngineError MODEL_TOO_LARGE, ENGINE_FAILED */
async function createContext(
  library: typeof import('node-llama-cpp'),
  model: LlamaModel,
  settings: LlamaContextOptions,
  name: string,
): Promise<LlamaContext> {
  try {
    return await model.createContext(settings)
  } catch (cause) {
    if (cause instanceof library.InsufficientMemoryError) {
      const detail = `the context of ${name} does not fit the memory that is free: hold fewer models or sequences`
      throw new EngineError('MODEL_TOO_LARGE', detail, { cause })
    }
    throw new EngineError('ENGINE_FAILED', `llama.cpp cannot make the context asked for with ${name}`, { cause })
  }
}

/** What llama.cpp will take for a context, wherever it lies. */
async function contextBytes(
  model: LlamaModel,
  shape: { contextSize: number; sequences: number; batchSize: number; flashAttention: boolean },
): Promise<number> {
  const { cpuRam, gpuVram } = await model.fileInsights.estimateContextResourceRequirementsV2({
    ...shape,
    modelGpuLayers: model.gpuLayers,
  })
  return cpuRam + gpuVram
}

function readerFor(
  context: LlamaContext,
  { release, vocabularySize, log }: { release: string; vocabularySize: number; log: EngineLog },
): TokenReader {
  if (hasKnownInsides(release, context)) return new BatchReader(context, vocabularySize)
  log.warn({ release }, 'this release of node-llama-cpp has other insides than those known: checks take twice as long')
  return new PlainReader(vocabularySize)
}
