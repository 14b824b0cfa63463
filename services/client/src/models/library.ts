import { hexToBytes } from '@camelid/crypto'
import { loadRegistry, type Registry } from '@camelid/engine'
import type { Engine, Profile } from '@camelid/rastic'
import { machineMemory } from '@camelid/runtime'
import { ClientError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Borrowed, EnginePool } from './engine-pool.ts'

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
  /** The engine, opened if need be; undefined where the model's file is not here or does not open. It stays until it is given back. */
  borrow(modelSha256: string): Promise<Borrowed | undefined>
}

/**
 * `modelsDir` undefined: no models; then no job can be made, since a job pins the model by its hash. Throws EngineError BAD_REGISTRY.
 * `memoryBytes`: what models and their contexts may take together; all of the machine or container where it is left out.
 */
export function openLibrary(options: {
  modelsDir: string | undefined
  threads: number
  memoryBytes?: number | undefined
  log: Log
}): ModelLibrary {
  const { modelsDir, threads, memoryBytes = machineMemory(), log } = options
  const registry: Registry = modelsDir === undefined ? { models: [] } : loadRegistry(modelsDir)
  const pool = new EnginePool({ threads, memoryBytes, log })

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
    openEngine: (modelSha256) => pool.opened(modelSha256),
    async borrow(modelSha256) {
      const model = registry.models.find(({ sha256 }) => sha256 === modelSha256)
      return model?.present === true ? await pool.borrow(model) : undefined
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
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
