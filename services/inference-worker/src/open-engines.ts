import {
  type EngineLog,
  findModel,
  loadRegistry,
  ModelMemory,
  machineMemory,
  openEngine,
  type RegisteredModel,
} from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import type { CheatEngines } from './cheat/cheat.ts'
import type { WorkerConfig } from './config.ts'

/** The sibling that a cheating worker runs in place of the model asked for. */
const CHEAPER_MODEL = 'camelid-mini-F16'

export interface HeldModel extends CheatEngines {
  readonly registered: RegisteredModel
}

/** An engine for each model of MODELS, closed with `stack`. @throws EngineError, naming the model and the fix */
export async function openEngines(
  config: WorkerConfig,
  stack: AsyncDisposableStack,
  log: EngineLog,
): Promise<HeldModel[]> {
  const registry = loadRegistry(config.MODELS_DIR)
  const memory = new ModelMemory(
    config.MODEL_MEMORY_MB === undefined ? machineMemory() : config.MODEL_MEMORY_MB * 2 ** 20,
  )
  const open = async (registered: RegisteredModel): Promise<Engine> => {
    const engine = await openEngine({
      modelPath: registered.file,
      expected: registered,
      sequences: config.SEQUENCES,
      threads: config.THREADS,
      gpu: config.ENGINE_GPU === 'off' ? false : config.ENGINE_GPU,
      tokenDelayMs: config.ENGINE_TOKEN_DELAY_MS,
      memory,
      log,
    })
    stack.defer(() => engine.dispose())
    return engine
  }
  const models = [...new Set(config.MODELS)].map((name) => findModel(registry, name))
  const cheaper = config.CHEAT === 'other-model' ? await open(findModel(registry, CHEAPER_MODEL)) : undefined
  const held: HeldModel[] = []
  for (const registered of models) held.push({ registered, engine: await open(registered), cheaper })
  return held
}
