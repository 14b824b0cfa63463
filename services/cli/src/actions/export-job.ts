import { open } from 'node:fs/promises'
import { formatOpenedJob, openedJobBytes } from '../check-job/opened-job-file.ts'
import { CliError } from '../cli-error.ts'
import { ClientApi } from '../client-api.ts'
import { checkJobId } from '../job-schemas.ts'
import { printJson, printLine } from '../print.ts'

/** `camelid job export`: an opened job for someone else to check. Never over a file that is there. Errors: USAGE, FILE. */
export async function exportJob(
  id: string,
  file: string,
  { client, json }: { client: string; json?: true },
): Promise<void> {
  const opened = await new ClientApi(client).get(`/jobs/${checkJobId(id)}/opening`, openedJobBytes)
  const text = formatOpenedJob(opened)
  try {
    await using target = await open(file, 'wx', 0o600)
    await target.writeFile(text)
  } catch (cause) {
    throw new CliError('FILE', `${file} cannot be written: name one that is not there yet, in a directory that is`, {
      cause,
    })
  }
  if (json) printJson({ file, jobId: opened.jobId, bytes: Buffer.byteLength(text) })
  else printLine(`${file}: check it with camelid job check ${file}`)
}
