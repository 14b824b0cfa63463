import { writeFile } from 'node:fs/promises'
import { marginsSvg } from '../check-job/margins-svg.ts'
import { MAX_OPENED_JOB_FILE, parseOpenedJob } from '../check-job/opened-job-file.ts'
import { printCheck } from '../check-job/print-check.ts'
import { type CheckOutcome, runCheck } from '../check-job/run-check.ts'
import { CliError, usage } from '../cli-error.ts'
import { parseCount } from '../count.ts'
import { printJson, printLine } from '../print.ts'
import { readBounded } from '../read-bounded.ts'

export interface CheckOptions {
  readonly models: string
  readonly threads: string
  readonly all?: true
  readonly svg?: string
  readonly json?: true
}

/**
 * `camelid job check`: RASTiC over an opened job, offline, with a model of this machine. Exit code 0 where the output is VALID
 * and 1 where it is not, so that scripts see it. Errors: USAGE, FILE, BAD_JOB_FILE, NOT_FOUND; EngineError.
 */
export async function checkJob(file: string, { models, threads, all, svg, json }: CheckOptions): Promise<void> {
  const threadCount = parseCount(threads, '--threads')
  if (threadCount < 1 || threadCount > 256) throw usage(`--threads ${threads}: give 1 to 256`)
  const opened = parseOpenedJob(await readBounded(file, MAX_OPENED_JOB_FILE))
  const outcome = await runCheck(opened, { modelsDir: models, threads: threadCount, all: all === true })
  if (json) printJson(outcome.explained)
  else printCheck(outcome.explained)
  if (svg !== undefined) {
    await writePicture(svg, outcome)
    if (!json) printLine(`\nmargins along the output: ${svg}`)
  }
  if (outcome.report.verdict !== 'VALID') process.exitCode = 1
}

/** Errors: FILE, also where nothing was evaluated that could be drawn. */
async function writePicture(path: string, { report, profile, explained }: CheckOutcome): Promise<void> {
  if (profile === undefined || report.positions.length === 0) {
    throw new CliError(
      'FILE',
      `there is nothing to draw: no position was checked (${report.verdict}: ${report.reason})`,
    )
  }
  const { model, jobId, verdict, tokens } = explained
  const picture = marginsSvg({
    title: `${verdict}: ${model}, job ${jobId.slice(0, 16)}…`,
    tokens,
    positions: report.positions,
    tau: profile.tau,
    firstDivergence: report.firstDivergence,
  })
  try {
    await writeFile(path, picture)
  } catch (cause) {
    throw new CliError('FILE', `${path} cannot be written: name a file in a directory that is there`, { cause })
  }
}
