import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Engine } from '@camelid/rastic'
import { EngineError } from './errors.ts'
import { evaluateTokens } from './evaluate.ts'
import { generateTokens } from './generate.ts'
import type { Gpu } from './llama/build.ts'
import { dryRun } from './llama/dry-run.ts'
import { loadLlama } from './llama/load-llama.ts'
import { NativeContext } from './llama/native-context.ts'
import { NativeModel } from './llama/native-model.ts'
import { checkModelFile } from './model-file.ts'
import type { ModelMemory } from './model-memory.ts'
import { planRows } from './reading/plan-rows.ts'
import { Sequence } from './reading/sequence.ts'
import { TokenReader } from './reading/token-reader.ts'
import { SequencePool } from './sequence-pool.ts'
import { checkTokenIds, detokenizeAfter, longestTokenOf, tokenizeInput } from './tokens.ts'

/** Tokens that are computed in one batch at most: a prefill of the shipped models in one go. */
const BATCH_TOKENS = 512
/** Far more than any model has. */
const MOST_TOKENS = 2 ** 21

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
  readonly gpu?: false | 'auto' | Gpu
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
  const { modelPath, expected, sequences, threads, gpu = false, tokenDelayMs = 0, memory, log } = options
  const { flashAttention = false, cacheType = 'F16' } = options
  const sha256 = await checkModelFile(modelPath, expected?.sha256)
  await using stack = new AsyncDisposableStack()
  const llama = await loadLlama(gpu)
  const name = expected?.name ?? basename(modelPath, '.gguf')
  if (memory !== undefined) stack.use(memory.reserve((await stat(modelPath)).size, `the weights of ${name}`))
  const model = stack.use(await NativeModel.load(llama, modelPath))
  const { vocabularySize, trainContextSize } = model
  if (!model.writesText || vocabularySize > MOST_TOKENS) {
    const detail = `${name} is no model that continues text, or has more than ${MOST_TOKENS} tokens: take another one`
    throw new EngineError('MODEL_BROKEN', detail, { data: { path: modelPath } })
  }
  const contextSize = Math.min(expected?.contextSize ?? trainContextSize, trainContextSize)
  const batchTokens = Math.max(BATCH_TOKENS, sequences)
  const shape = { contextSize, sequences, batchTokens, threads, flashAttention, cacheType }
  if (memory !== undefined) {
    const { contextBytes, lines } = await llama.inTurn(() => dryRun(llama, modelPath, shape))
    for (const { text, isWarning } of lines) log.debug({ isWarning }, text)
    stack.use(memory.reserve(contextBytes, `the context of ${name} for ${sequences} sequences`))
  }
  const context = stack.use(await NativeContext.create(model, shape))
  const plan = await planRows(context, model)
  log.debug({ model: name, sequences, plan }, 'how tokens of several sequences are computed')
  const all = Array.from({ length: sequences }, (_, id) => new Sequence(id, model.canCutBack))
  const reader = new TokenReader(context, all, plan)
  const pool = new SequencePool(all)
  stack.defer(async () => {
    pool.close()
    await reader.close()
  })
  const owned = stack.move()

  const limits = { vocabularySize, contextSize, longestToken: longestTokenOf(model), longestText: model.longestText }
  const endings = new Set(
    Array.from({ length: vocabularySize }, (_, id) => id).filter((id) => model.endsGeneration(id)),
  )
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
    engine: llama.name,
    backend: `${llama.gpu === false ? 'cpu' : llama.gpu} ${process.arch}`,
    tokenize,
    detokenize,
    async generate(request) {
      const inputTokens = tokenize(request.job.input, request.job.prefix)
      checkFits(inputTokens.length, request.job.maxTokens, contextSize)
      // Only a job that names what it continues: others would find no more than their beginnings alike.
      const continued = request.job.prefix.length > 0 ? inputTokens : []
      const setting = { reader, vocabularySize, inputTokens, endOfGeneration, tokenDelayMs, nowUs }
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
