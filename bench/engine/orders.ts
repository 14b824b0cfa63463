import { randomBytes } from 'node:crypto'
import type { Job } from '@camelid/codec'
import type { Engine } from '@camelid/rastic'
import { plainJob } from '../../services/lib/engine/src/measure/plain-job.ts'

/** How a job chooses its tokens. */
export interface Rule {
  readonly name: string
  readonly temperatureMilli: number
  readonly topK: number
}

export const RULES: readonly Rule[] = [
  { name: 'T 0', temperatureMilli: 0, topK: 0 },
  { name: 'T 0.8', temperatureMilli: 800, topK: 0 },
  { name: 'T 0.8, top-k 40', temperatureMilli: 800, topK: 40 },
]

export const PROMPT = 'Tell me a story about a camel who lost a red ball.\n'

export function order(engine: Engine, rule: Omit<Rule, 'name'>, maxTokens: number, prompt = PROMPT) {
  const { temperatureMilli, topK } = rule
  const input: Job['input'] = [{ kind: 0, text: prompt }]
  const modelSha256 = Buffer.from(engine.model.sha256, 'hex')
  const job = { ...plainJob(modelSha256), temperatureMilli, topK, maxTokens, input }
  return { job, jobId: randomBytes(32), signal: new AbortController().signal }
}
