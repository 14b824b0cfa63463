import { MAX_OPENED_JOB_FILE, parseOpenedJob } from '../check-job/opened-job-file.ts'
import { printCheck } from '../check-job/print-check.ts'
import { runCheck } from '../check-job/run-check.ts'
import { writePicture } from '../check-job/write-picture.ts'
import { usage } from '../cli-error.ts'
import { parseCount } from '../count.ts'
import { EXIT } from '../exit-codes.ts'
import { printJson, printLine } from '../print.ts'
import { readBounded } from '../read-bounded.ts'

const EXIT_BY_VERDICT = { VALID: EXIT.ok, INVALID: EXIT.invalid, INCONCLUSIVE: EXIT.inconclusive } as const

export interface CheckOptions {
  readonly models: string
  readonly threads: string
  readonly all?: true
  readonly svg?: string
  readonly json?: true
}

/**
 * `camelid job check`: RASTiC over an opened job, offline, with a model of this machine. The exit code is the
 * verdict's, for scripts. Errors: USAGE, FILE, BAD_JOB_FILE, NOT_FOUND; NO_PICTURE once the verdict is told; EngineError.
 */
export async function checkJob(file: string, { models, threads, all, svg, json }: CheckOptions): Promise<void> {
  const threadCount = parseCount(threads, '--threads')
  if (threadCount < 1 || threadCount > 256) throw usage(`--threads ${threads}: give 1 to 256`)
  const opened = parseOpenedJob(await readBounded(file, MAX_OPENED_JOB_FILE))
  const outcome = await runCheck(opened, { modelsDir: models, threads: threadCount, all: all === true })
  if (json) printJson(outcome.explained)
  else printCheck(outcome.explained)
  if (svg !== undefined) {
    await writePicture({ path: svg, jobFile: file, ...outcome })
    if (!json) printLine(`\nmargins along the output: ${svg}`)
  }
  process.exitCode = EXIT_BY_VERDICT[outcome.report.verdict]
}
