import type { Job } from '@camelid/codec'
import { hexToBytes, sha256, utf8 } from '@camelid/crypto'
import type { RegisteredModel } from '@camelid/engine'
import { plainJob } from '../../services/lib/engine/src/measure/plain-job.ts'
import { promptOf } from './prompts.ts'

/** One job as a client posts it, without the money. */
export interface Order {
  readonly number: number
  readonly job: Job
  readonly jobId: Uint8Array
}

/** Jobs whose ids follow from their numbers alone, so that each run asks for the same tokens. */
export function ordersFor(
  model: RegisteredModel,
  { temperatureMilli, maxTokens, from, count }: Record<'temperatureMilli' | 'maxTokens' | 'from' | 'count', number>,
): Order[] {
  return Array.from({ length: count }, (_, i) => {
    const number = from + i
    return {
      number,
      job: jobFor(model, { temperatureMilli, maxTokens, prompt: promptOf(number) }),
      jobId: sha256(utf8(`camelid/bench/rastic ${temperatureMilli} ${number}`)),
    }
  })
}

export function jobFor(
  { sha256: modelSha256 }: { readonly sha256: string },
  { temperatureMilli, maxTokens, prompt }: { temperatureMilli: number; maxTokens: number; prompt: string },
): Job {
  return { ...plainJob(hexToBytes(modelSha256)), input: [{ kind: 0, text: prompt }], maxTokens, temperatureMilli }
}
