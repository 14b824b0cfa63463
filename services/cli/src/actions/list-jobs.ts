import { z } from 'zod'
import { formatCoins } from '../amount.ts'
import { ClientApi } from '../client-api.ts'
import { jobSummary, toNumber } from '../job-schemas.ts'
import { printJson, printTable } from '../print.ts'

/** `camelid job list` */
export async function listJobs({ client, json, limit }: { client: string; json?: true; limit: string }): Promise<void> {
  const path = `/jobs?limit=${toNumber('--limit', limit)}`
  const { jobs } = await new ClientApi(client).get(path, z.object({ jobs: z.array(jobSummary) }))
  if (json) {
    printJson(jobs)
    return
  }
  const rows = jobs.map((job) => [
    job.jobId,
    new Date(job.createdMs).toISOString().slice(0, 19).replace('T', ' '),
    job.state,
    job.verdict ?? '',
    String(job.tokens),
    formatCoins(job.reward),
    job.model,
  ])
  printTable(
    ['job', 'created (UTC)', 'state', 'verdict', 'tokens', 'reward', 'model'],
    rows,
    'no jobs yet: camelid job post "Once upon a time"',
  )
}
