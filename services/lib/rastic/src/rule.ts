import type { Job } from '@camelid/codec'
import { gumbelKey } from './noise.ts'

/** What F needs to know of a job, beside the model and the tokens before (rastic: The generation rule F). */
export interface GenerationRule {
  /** Noise key of the job, 32 bytes. */
  readonly key: Uint8Array
  /** T; 0 is greedy. */
  readonly temperature: number
  /** Tokens kept by logit; 0 keeps all. */
  readonly topK: number
  /** 0…1; 1 keeps all, 0 only the likeliest token. */
  readonly topP: number
}

export function ruleOf(job: Pick<Job, 'temperatureMilli' | 'topK' | 'topPMicro'>, jobId: Uint8Array): GenerationRule {
  return {
    key: gumbelKey(jobId),
    temperature: job.temperatureMilli / 1000,
    topK: job.topK,
    topP: job.topPMicro / 1_000_000,
  }
}

/** Whether noise may lift any token of the vocabulary, so that all of it must be looked at: no filter makes an end. */
export function mayChooseAny({ temperature, topK, topP }: GenerationRule): boolean {
  return temperature > 0 && topK === 0 && topP >= 1
}
