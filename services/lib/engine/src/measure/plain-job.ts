import type { Job } from '@camelid/codec'

/** A job with what generating needs, and nothing of money. */
export function plainJob(modelSha256: Uint8Array): Job {
  return {
    version: 1,
    magic: new Uint8Array(4),
    modelSha256,
    modelName: '',
    profileSha256: new Uint8Array(32),
    input: [],
    prefix: [],
    preferredNode: new Uint8Array(33),
    seed: 0n,
    maxTokens: 128,
    temperatureMilli: 0,
    topK: 0,
    topPMicro: 1_000_000,
    timestampMs: 0n,
    timelock: 0,
    reward: 0n,
    fee: 0n,
    fundingOutpoint: { txid: new Uint8Array(32), index: 0 },
    clientKey: new Uint8Array(33),
    clientHost: '',
    clientPort: 0,
  }
}
