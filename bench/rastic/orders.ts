import type { Job } from '@camelid/codec'
import { hexToBytes, sha256, utf8 } from '@camelid/crypto'
import type { RegisteredModel } from '@camelid/engine'
import { PROMPTS } from './plan.ts'

/** One job as a client posts it, without the money. */
export interface Order {
  readonly number: number
  readonly job: Job
  readonly jobId: Uint8Array
}

/** Jobs whose ids follow from their numbers alone, so that each run asks for the same tokens. */
export function ordersFor(model: RegisteredModel, temperatureMilli: number, maxTokens: number, count: number): Order[] {
  return Array.from({ length: count }, (_, number) => ({
    number,
    job: jobFor(model, { temperatureMilli, maxTokens, prompt: PROMPTS[number % PROMPTS.length] ?? '' }),
    jobId: sha256(utf8(`camelid/bench/rastic ${temperatureMilli} ${number}`)),
  }))
}

function jobFor(
  model: RegisteredModel,
  { temperatureMilli, maxTokens, prompt }: { temperatureMilli: number; maxTokens: number; prompt: string },
): Job {
  return {
    version: 1,
    magic: new Uint8Array(4),
    modelSha256: hexToBytes(model.sha256),
    modelName: model.name,
    profileSha256: hexToBytes(model.profiles[0]?.sha256 ?? ''),
    input: [{ kind: 0, text: prompt }],
    prefix: [],
    preferredNode: new Uint8Array(33),
    seed: 0n,
    maxTokens,
    temperatureMilli,
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
