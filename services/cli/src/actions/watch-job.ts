import { CliError } from '../cli-error.ts'
import { ClientApi } from '../client-api.ts'
import { checkJobId, stageEvent } from '../job-schemas.ts'
import { clean, printJson, printLine } from '../print.ts'

/**
 * `camelid job watch`: one line a stage; on a terminal the count of tokens runs along. Errors: JOB_FAILED where the job
 * expired or failed.
 */
export async function watchJob(
  id: string,
  { client, json }: { client: string; json?: true },
  print: (line: string) => void = printLine,
): Promise<void> {
  const jobId = checkJobId(id)
  let start: number | undefined
  let last = ''
  for await (const event of new ClientApi(client).events(`/jobs/${jobId}/events`, stageEvent)) {
    const { stage, at, tokens, detail } = event
    start ??= at
    if (json) printJson(event)
    // Counts within the stage "generating" only where somebody sees them run.
    else if (stage !== last || process.stdout.isTTY) {
      const count = tokens === undefined ? '' : `  ${tokens} token${tokens === 1 ? '' : 's'}`
      print(
        clean(
          `${((at - start) / 1000).toFixed(2).padStart(7)} s  ${stage}${count}${detail === undefined ? '' : `  ${detail}`}`,
        ),
      )
    }
    last = stage
    if (stage === 'expired' || stage === 'failed') {
      throw new CliError('JOB_FAILED', `the job ${stage}${detail === undefined ? '' : `: ${clean(detail)}`}`)
    }
  }
  if (last !== 'settled')
    throw new CliError(
      'UNREACHABLE',
      `the client ended the stream at "${last}": is it stopping? camelid job watch ${jobId} goes on`,
    )
}
