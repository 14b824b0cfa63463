import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { parseCoins } from '../amount.ts'
import { usage } from '../cli-error.ts'
import { ClientApi } from '../client-api.ts'
import type { PostOptions } from '../commands/job.ts'
import { toNumber } from '../job-schemas.ts'
import { printJson, printLine } from '../print.ts'
import { showReceipt } from './show-receipt.ts'
import { watchJob } from './watch-job.ts'

/** `camelid job post` */
export async function postJob(prompt: string, options: PostOptions): Promise<void> {
  const { client, json, seed, reward, fee, node } = options
  if (seed !== undefined && !/^\d{1,20}$/.test(seed))
    throw usage(`--seed ${seed}: give a whole number from 0 to 2^64 - 1`)
  const body = {
    model: options.model,
    prompt: prompt === '-' ? await text(process.stdin) : prompt,
    maxTokens: toNumber('--max-tokens', options.maxTokens),
    temperature: toNumber('--temperature', options.temperature),
    topK: toNumber('--top-k', options.topK),
    topP: toNumber('--top-p', options.topP),
    ...(seed !== undefined && { seed }),
    ...(reward !== undefined && { reward: parseCoins(reward) }),
    ...(fee !== undefined && { fee: parseCoins(fee) }),
    ...(node !== undefined && { preferredNode: node }),
  }
  const { jobId } = await new ClientApi(client).post('/jobs', body, z.object({ jobId: z.string() }))
  if (options.watch === undefined) {
    if (json) printJson({ jobId })
    else printLine(jobId)
    return
  }
  if (!json) printLine(`job ${jobId}`)
  await watchJob(jobId, { client }, json ? () => undefined : printLine)
  await showReceipt(jobId, { client, ...(json && { json }) })
}
