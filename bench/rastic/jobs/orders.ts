import type { Job } from '@camelid/codec'
import { hexToBytes, sha256, utf8 } from '@camelid/crypto'
import type { RegisteredModel } from '@camelid/engine'
import { plainJob } from '../../../services/lib/engine/src/measure/plain-job.ts'
import { type Filter, filterOf } from './filters.ts'
import { promptOf } from './prompts.ts'

/** One job as a client posts it, without the money. */
export interface Order {
  readonly number: number
  /** Name of the job's filter. */
  readonly filter: string
  readonly job: Job
  readonly jobId: Uint8Array
}

/** Jobs whose ids follow from their numbers alone, so that each run asks for the same tokens. */
export function ordersFor(
  model: Pick<RegisteredModel, 'sha256'>,
  { temperatureMilli, maxTokens, from, count }: Record<'temperatureMilli' | 'maxTokens' | 'from' | 'count', number>,
): Order[] {
  return Array.from({ length: count }, (_, i) => {
    const number = from + i
    const filter = filterOf(number)
    return {
      number,
      filter: filter.name,
      job: jobFor(model, { temperatureMilli, maxTokens, prompt: promptOf(number), filter }),
      jobId: sha256(utf8(`camelid/bench/rastic ${temperatureMilli} ${number}`)),
    }
  })
}

export function jobFor(
  { sha256: modelSha256 }: Pick<RegisteredModel, 'sha256'>,
  asked: { temperatureMilli: number; maxTokens: number; prompt: string; filter: Filter },
): Job {
  const { temperatureMilli, maxTokens, prompt, filter } = asked
  const { topK, topPMicro } = filter
  const plain = plainJob(hexToBytes(modelSha256))
  return { ...plain, input: [{ kind: 0, text: prompt }], maxTokens, temperatureMilli, topK, topPMicro }
}
