import { join } from 'node:path'
import type { Job } from '@camelid/codec'
import type { Engine, Profile } from '@camelid/rastic'
import { plainJob } from './measure/plain-job.ts'
import { openEngine } from './open-engine.ts'
import { findModel, loadRegistry } from './registry.ts'

/** The models that come with the project. */
export const MODELS_DIR = join(import.meta.dirname, '../../../../models')
export const quiet = { debug: () => {}, warn: () => {} }
export const TINY = findModel(loadRegistry(MODELS_DIR), 'camelid-tiny-F16')

export function openTiny(options: { sequences?: number; tokenDelayMs?: number } = {}): Promise<Engine> {
  return openEngine({ modelPath: TINY.file, expected: TINY, sequences: 4, threads: 1, log: quiet, ...options })
}

export function tinyProfile(): Profile {
  const [registered] = TINY.profiles
  if (registered === undefined) throw new Error('camelid-tiny-F16 has no noise profile')
  return registered.profile
}

export function job(text: string, rest: Partial<Job> = {}): Job {
  return { ...plainJob(Buffer.from(TINY.sha256, 'hex')), maxTokens: 160, input: [{ kind: 0, text }], ...rest }
}

export function idOf(n: number): Uint8Array {
  return new Uint8Array(32).fill(n % 251).fill(n >>> 8, 0, 1)
}

export const never = (): AbortSignal => new AbortController().signal
