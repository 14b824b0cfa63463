import { type EngineLog, findModel, loadRegistry, ModelOpener, type RegisteredModel } from '@camelid/engine'
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
  const { SEQUENCES: sequences, ENGINE_TOKEN_DELAY_MS: tokenDelayMs } = config
  const opener = new ModelOpener({ config, registry, sequences, tokenDelayMs, stack, log })
  const held = await opener.openAll()
  const cheaper = config.CHEAT === 'other-model' ? await opener.open(findModel(registry, CHEAPER_MODEL)) : undefined
  return held.map((model) => ({ ...model, cheaper }))
}
