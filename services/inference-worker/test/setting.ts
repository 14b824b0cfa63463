import { join } from 'node:path'
import type { Job } from '@camelid/codec'
import { hexToBytes } from '@camelid/crypto'
import { findModel, loadRegistry, openEngine } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'

/** The models that come with the project. */
export const MODELS_DIR = join(import.meta.dirname, '../../../models')
export const REGISTRY = loadRegistry(MODELS_DIR)
export const TINY = findModel(REGISTRY, 'camelid-tiny-F16')

const quiet = { debug: () => {}, warn: () => {} }

export function openModel(name: string): Promise<Engine> {
  const model = findModel(REGISTRY, name)
  return openEngine({ modelPath: model.file, expected: model, sequences: 4, threads: 1, log: quiet })
}

/** A job as a client would make it; its money is not looked at here. */
export function storyJob(text: string, rest: Partial<Job> = {}): Job {
  return {
    version: 1,
    magic: new Uint8Array([0xc4, 0x3e, 0x1d, 0x03]),
    modelSha256: hexToBytes(TINY.sha256),
    modelName: TINY.name,
    profileSha256: hexToBytes(TINY.profiles[0]?.sha256 ?? ''),
    input: [{ kind: 0, text }],
    prefix: [],
    preferredNode: new Uint8Array(33),
    seed: 7n,
    maxTokens: 160,
    temperatureMilli: 800,
    topK: 0,
    topPMicro: 1_000_000,
    timestampMs: 1_790_000_000_000n,
    timelock: 1_790_000_100,
    reward: 100_000_000n,
    fee: 1_000n,
    fundingOutpoint: { txid: new Uint8Array(32).fill(1), index: 0 },
    // The generator point: any point of the curve will do.
    clientKey: hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'),
    clientHost: '127.0.0.1',
    clientPort: 7331,
    ...rest,
  }
}
