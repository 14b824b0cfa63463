import { jobCommand } from '../demo/job-command.ts'

/** Buys one completion on a testnet that runs already: addresses by CLIENT_URL, CHAIN_URL, JOB_POOL_URL, KEYS_DIR. */
export function job(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return jobCommand(env, process.stdout, signal)
}
