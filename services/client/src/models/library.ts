import { hexToBytes } from '@camelid/crypto'
import { loadRegistry, openEngine, type RegisteredModel, type Registry } from '@camelid/engine'
import type { Engine, Profile } from '@camelid/rastic'
import { ClientError } from '../errors.ts'
import type { Log } from '../log.ts'

/** Engines kept open at a time; the one used longest ago makes room. */
const MAX_OPEN = 2

/** A model as a job names it. */
export interface KnownModel {
  readonly name: string
  readonly sha256: Uint8Array
  readonly sha256Hex: string
  readonly contextSize: number
  readonly profileSha256: Uint8Array
}

/** What the client knows of models: the registry of MODELS_DIR, and engines that check outputs, opened when needed. */
export interface ModelLibrary extends AsyncDisposable {
  /** Names of all models that jobs can be bought for. */
  names(): string[]
  /** Errors: UNKNOWN_MODEL, listing those known. */
  find(name: string): KnownModel
  /** The shipped profile a job names, where we have it. */
  profile(modelSha256: string, profileSha256: string): Profile | undefined
  /** The engine if it is open already; never waits. */
  openEngine(modelSha256: string): Engine | undefined
  /** The engine, opened if need be; undefined where the model's file is not here or does not open. */
  engine(modelSha256: string): Promise<Engine | undefined>
}

/** `modelsDir` undefined: no models; then no job can be made, since a job pins the model by its hash. Throws EngineError BAD_REGISTRY. */
export function openLibrary(options: { modelsDir: string | undefined; threads: number; log: Log }): ModelLibrary {
  const { modelsDir, threads, log } = options
  const registry: Registry = modelsDir === undefined ? { models: [] } : loadRegistry(modelsDir)
  const opening = new Map<string, Promise<Engine | undefined>>()
  const open = new Map<string, Engine>()

  const start = async (model: RegisteredModel): Promise<Engine | undefined> => {
    try {
      const engine = await openEngine({ modelPath: model.file, expected: model, sequences: 1, threads, log })
      open.set(model.sha256, engine)
      return engine
    } catch (error) {
      log.warn({ model: model.name, err: error }, 'the model does not open: outputs of it cannot be checked here')
      opening.delete(model.sha256)
      return undefined
    }
  }
  const makeRoom = async (): Promise<void> => {
    while (opening.size >= MAX_OPEN) {
      const [oldest] = opening
      if (oldest === undefined) return
      opening.delete(oldest[0])
      open.delete(oldest[0])
      await (await oldest[1])?.dispose()
    }
  }

  return {
    names: () => registry.models.map(({ name }) => name),
    find(name) {
      const model = registry.models.find((candidate) => candidate.name === name)
      if (model === undefined) throw unknownModel(name, registry, modelsDir)
      const [profile] = model.profiles
      if (profile === undefined) {
        throw new ClientError(
          'UNKNOWN_MODEL',
          `model "${name}" has no noise profile in models.json: no output of it could be judged`,
        )
      }
      const { sha256, contextSize } = model
      const profileSha256 = hexToBytes(profile.sha256)
      return { name, sha256: hexToBytes(sha256), sha256Hex: sha256, contextSize, profileSha256 }
    },
    profile: (modelSha256, profileSha256) =>
      registry.models
        .find(({ sha256 }) => sha256 === modelSha256)
        ?.profiles.find(({ sha256 }) => sha256 === profileSha256)?.profile,
    openEngine: (modelSha256) => open.get(modelSha256),
    async engine(modelSha256) {
      const model = registry.models.find(({ sha256 }) => sha256 === modelSha256)
      if (model === undefined || !model.present) return undefined
      const known = opening.get(modelSha256)
      if (known !== undefined) {
        // Moved to the end: used last.
        opening.delete(modelSha256)
        opening.set(modelSha256, known)
        return await known
      }
      await makeRoom()
      const started = start(model)
      opening.set(modelSha256, started)
      return await started
    },
    async [Symbol.asyncDispose]() {
      const engines = await Promise.all(opening.values())
      opening.clear()
      open.clear()
      await Promise.all(engines.map(async (engine) => await engine?.dispose()))
    },
  }
}

function unknownModel(name: string, registry: Registry, modelsDir: string | undefined): ClientError {
  const known = registry.models.map((model) => model.name).join(', ')
  const fix =
    modelsDir === undefined
      ? 'set MODELS_DIR to the directory that has models.json'
      : known === ''
        ? `${modelsDir}/models.json lists none`
        : `known models: ${known}`
  return new ClientError('UNKNOWN_MODEL', `no model "${name}" is known here: ${fix}`, { data: { model: name, known } })
}
