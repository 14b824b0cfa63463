import type { Command } from 'commander'
import type { CheckOptions } from '../actions/check-job.ts'
import { clientOption, group, jsonOption, modelsOption } from '../options.ts'

/** As `exit-codes.ts` numbers them. */
const EXIT_CODES = `Exit codes: 0 VALID, 3 INVALID, 4 INCONCLUSIVE; 1 where it could not be checked, or the picture not be drawn;
2 for a mistake in the command line.`

type Common = { client: string; json?: true }
export type PostOptions = Common & {
  model: string
  maxTokens: string
  temperature: string
  topK: string
  topP: string
  seed?: string
  reward?: string
  fee?: string
  node?: string
  watch?: true
}

export function addJobCommands(program: Command): void {
  const job = group(program, 'job', 'buy completions and follow them')

  job
    .command('post')
    .description('buy a completion')
    .argument('<prompt>', 'what the model shall continue ("-": standard input)')
    .option('--model <name>', 'model to run', 'camelid-tiny-F16')
    .option('--max-tokens <n>', 'tokens at most', '64')
    .option('--temperature <t>', '0 (greedy) to 5', '0.8')
    .option('--top-k <k>', 'only the k likeliest tokens; 0 for all', '0')
    .option('--top-p <p>', 'only the likeliest tokens that sum up to p', '1')
    .option('--seed <n>', 'the same seed gives the same choices for the same job; random where left out')
    .option('--reward <coins>', 'what the node gets (default: 0.01)')
    .option('--fee <coins>', 'what the miner gets (default: 0.0001)')
    .option('--node <key>', 'node key that is asked first')
    .option('--watch', 'follow the job to its end and print its receipt')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (prompt: string, options: PostOptions) => {
      const { postJob } = await import('../actions/post-job.ts')
      await postJob(prompt, options)
    })

  job
    .command('list')
    .description('show the newest jobs')
    .option('--limit <n>', 'at most so many', '20')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (options: Common & { limit: string }) => {
      const { listJobs } = await import('../actions/list-jobs.ts')
      await listJobs(options)
    })

  job
    .command('show')
    .description('show one job, its output where it was paid for')
    .argument('<jobId>')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (jobId: string, options: Common) => {
      const { showJob } = await import('../actions/show-job.ts')
      await showJob(jobId, options)
    })

  job
    .command('watch')
    .description('follow a job, one line a stage, to its end')
    .argument('<jobId>')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (jobId: string, options: Common) => {
      const { watchJob } = await import('../actions/watch-job.ts')
      await watchJob(jobId, options)
    })

  job
    .command('export')
    .description('write a delivered job to a file that anyone can check')
    .argument('<jobId>')
    .argument('<file>', 'must not be there yet')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (jobId: string, file: string, options: Common) => {
      const { exportJob } = await import('../actions/export-job.ts')
      await exportJob(jobId, file, options)
    })

  job
    .command('check')
    .description('check an exported job here, offline, and explain what is found')
    .argument('<file>', 'as camelid job export writes it')
    .option('--all', 'show every position, not only those worth a look')
    .option('--svg <file>', 'draw the margins along the output into a file, a new one or an SVG')
    .option('--threads <n>', 'threads for the model', '1')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', `\n${EXIT_CODES}`)
    .action(async (file: string, options: CheckOptions) => {
      // The engine takes a second to load: only here.
      const { checkJob } = await import('../actions/check-job.ts')
      await checkJob(file, options)
    })

  program
    .command('receipt')
    .description(
      'show what a job bought, from whom, for how much, and how it was checked; exit code 3 if it is INVALID',
    )
    .argument('<jobId>')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (jobId: string, options: Common) => {
      const { showReceipt } = await import('../actions/show-receipt.ts')
      await showReceipt(jobId, options)
    })
}
