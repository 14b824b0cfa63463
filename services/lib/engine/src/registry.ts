import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Profile, parseProfile } from '@camelid/rastic'
import { z } from 'zod'
import { EngineError } from './errors.ts'

/** A name inside the models directory, never a path out of it. */
const fileName = z.string().regex(/^(profiles\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'expected a plain file name')
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')

const registrySchema = z.strictObject({
  version: z.literal(1),
  models: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(64),
        file: fileName,
        sha256: sha256Hex,
        /** Bytes. */
        size: z.int().positive(),
        /** Tokens. */
        contextSize: z.int().positive(),
        license: z.string().min(1),
        profiles: z.array(z.strictObject({ file: fileName, sha256: sha256Hex })),
      }),
    )
    .max(1000),
})

export interface RegisteredProfile {
  /** Of the file, hex: what a job pins (protocol: Job). */
  readonly sha256: string
  readonly profile: Profile
}

export interface RegisteredModel {
  readonly name: string
  /** Path of the GGUF file. */
  readonly file: string
  /** Whether the file is there; its hash is checked when an engine is opened. */
  readonly present: boolean
  /** Of the GGUF file, hex. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  /** Tokens of input and output together. */
  readonly contextSize: number
  readonly license: string
  readonly profiles: readonly RegisteredProfile[]
}

export interface Registry {
  readonly models: readonly RegisteredModel[]
}

/**
 * Reads models.json and the noise profiles that it names, profiles checked against their hashes.
 *
 * @throws EngineError BAD_REGISTRY
 */
export function loadRegistry(modelsDir: string): Registry {
  const path = join(resolve(modelsDir), 'models.json')
  const parsed = registrySchema.safeParse(
    parseJson(path, readText(path, 'name the directory that has models.json by MODELS_DIR, or by --models DIR')),
  )
  if (!parsed.success) throw new EngineError('BAD_REGISTRY', `${path} cannot be used: ${z.prettifyError(parsed.error)}`)
  const models = parsed.data.models.map((model) => {
    const file = join(resolve(modelsDir), model.file)
    const profiles = model.profiles.map((profile) =>
      loadProfile(join(resolve(modelsDir), profile.file), profile.sha256),
    )
    return { ...model, file, present: existsSync(file), profiles }
  })
  return { models }
}

/** @throws EngineError UNKNOWN_MODEL, naming the models there are */
export function findModel(registry: Registry, name: string): RegisteredModel {
  const model = registry.models.find((candidate) => candidate.name === name)
  if (model !== undefined) return model
  const known = registry.models.map((candidate) => candidate.name).join(', ')
  throw new EngineError('UNKNOWN_MODEL', `no model "${name}": models.json has ${known || 'none'}`, {
    data: { name, known },
  })
}

/** The profile of the registry that a job names; undefined where this registry does not have it. */
export function findProfile(registry: Registry, modelSha256: string, profileSha256: string): Profile | undefined {
  const model = registry.models.find((candidate) => candidate.sha256 === modelSha256)
  return model?.profiles.find((profile) => profile.sha256 === profileSha256)?.profile
}

function loadProfile(path: string, sha256: string): RegisteredProfile {
  const bytes = readText(path, 'restore it, or take it out of models.json')
  const actual = createHash('sha256').update(bytes).digest('hex')
  if (actual !== sha256) {
    const detail = `${path} has SHA-256 ${actual}, models.json says ${sha256}: restore the file, or correct models.json`
    throw new EngineError('BAD_REGISTRY', detail, { data: { path } })
  }
  return { sha256, profile: parseProfile(bytes.toString('utf8')) }
}

function readText(path: string, fix: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new EngineError('BAD_REGISTRY', `${path} cannot be read: ${fix}`, { data: { path }, cause })
  }
}

function parseJson(path: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new EngineError('BAD_REGISTRY', `${path} is not JSON`, { data: { path }, cause })
  }
}
