import type { Engine } from '@camelid/rastic'
import { machineMemory } from '@camelid/runtime'
import type { EngineEnv } from './engine-env.ts'
import { ModelMemory } from './model-memory.ts'
import { type EngineLog, openEngine } from './open-engine.ts'
import { findModel, type RegisteredModel, type Registry } from './registry.ts'

const MIB = 2 ** 20

export interface OpenModelsOptions {
  readonly config: EngineEnv
  readonly registry: Registry
  /** Jobs of one model at a time. */
  readonly sequences: number
  /** Milliseconds waited after each generated token. */
  readonly tokenDelayMs?: number
  /** Closes what is opened. */
  readonly stack: AsyncDisposableStack
  readonly log: EngineLog
}

/** Models that share one bound on memory. */
export class ModelOpener {
  readonly #options: OpenModelsOptions
  readonly #memory: ModelMemory

  constructor(options: OpenModelsOptions) {
    const { MODEL_MEMORY_MB: bound } = options.config
    this.#options = options
    this.#memory = new ModelMemory(bound === undefined ? machineMemory() : bound * MIB)
  }

  /** An engine for each model of MODELS, those named twice once. @throws EngineError, naming the model and the fix */
  async openAll(): Promise<{ registered: RegisteredModel; engine: Engine }[]> {
    const { config, registry } = this.#options
    // All are found before any is loaded.
    const models = [...new Set(config.MODELS)].map((name) => findModel(registry, name))
    const held: { registered: RegisteredModel; engine: Engine }[] = []
    for (const registered of models) held.push({ registered, engine: await this.open(registered) })
    return held
  }

  /** @throws EngineError, naming the model and the fix */
  async open(registered: RegisteredModel): Promise<Engine> {
    const { config, sequences, tokenDelayMs = 0, stack, log } = this.#options
    const engine = await openEngine({
      modelPath: registered.file,
      expected: registered,
      sequences,
      threads: config.THREADS,
      gpu: config.ENGINE_GPU === 'off' ? false : config.ENGINE_GPU,
      tokenDelayMs,
      memory: this.#memory,
      log,
    })
    stack.defer(() => engine.dispose())
    return engine
  }
}
