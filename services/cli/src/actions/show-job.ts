import { formatCoins } from '../amount.ts'
import { ClientApi } from '../client-api.ts'
import { checkJobId, jobDetail } from '../job-schemas.ts'
import { clean, printFields, printJson, printLine } from '../print.ts'

/** `camelid job show` */
export async function showJob(id: string, { client, json }: { client: string; json?: true }): Promise<void> {
  const job = await new ClientApi(client).get(`/jobs/${checkJobId(id)}`, jobDetail)
  if (json) {
    printJson(job)
    return
  }
  const start = job.events[0]?.at ?? job.createdMs
  printFields([
    ['job', job.jobId],
    ['state', job.state],
    ['model', job.model],
    ['tokens', String(job.tokens)],
    ['reward', `${formatCoins(job.reward)} coins, fee ${formatCoins(job.fee)}`],
    ...(job.verdict === undefined
      ? []
      : [['verdict', `${job.verdict}, checkedBy: ${job.checkedBy ?? 'self'}`] as const]),
    ...(job.error === undefined ? [] : [['error', `${job.error.message} (${job.error.code})`] as const]),
    ...job.events.map(({ stage, at }) => [`  ${stage}`, `+${((at - start) / 1000).toFixed(2)} s`] as const),
  ])
  if (job.output !== undefined) printLine(`\n${clean(job.input)}${clean(job.output)}`)
}
