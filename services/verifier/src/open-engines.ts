import { type EngineLog, findModel, ModelMemory, machineMemory, openEngine, type Registry } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import type { VerifierConfig } from './config.ts'

/** An engine for each model of MODELS, closed with `stack`. @throws EngineError, naming the model and the fix */
export async function openEngines(
  config: VerifierConfig,
  registry: Registry,
  stack: AsyncDisposableStack,
  log: EngineLog,
): Promise<Engine[]> {
  const models = [...new Set(config.MODELS)].map((name) => findModel(registry, name))
  const memory = new ModelMemory(
    config.MODEL_MEMORY_MB === undefined ? machineMemory() : config.MODEL_MEMORY_MB * 2 ** 20,
  )
  const engines: Engine[] = []
  for (const registered of models) {
    const engine = await openEngine({
      modelPath: registered.file,
      expected: registered,
      sequences: config.SEQUENCES,
      threads: config.THREADS,
      gpu: config.ENGINE_GPU === 'off' ? false : config.ENGINE_GPU,
      memory,
      log,
    })
    stack.defer(() => engine.dispose())
    engines.push(engine)
  }
  return engines
}
