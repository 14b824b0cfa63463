import { jobCommand } from '../demo/job-command.ts'
import { readDemoOptions } from '../demo/options.ts'
import { launchTestnet, type Testnet } from '../testnet.ts'
import { cheatOverrides } from './cheat.ts'

/** Starts a testnet for the time of `use` and stops it whatever happens. A service that keeps failing ends `use` too. */
export async function withTestnet<T>(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  use: (testnet: Testnet) => Promise<T>,
): Promise<T> {
  // Mistakes in what was asked for are told before anything starts.
  readDemoOptions(env)
  const overrides = cheatOverrides(env)
  const started = performance.now()
  process.stdout.write('camelid: starting PostgreSQL, NATS, the farm and a client\n')
  const testnet = await launchTestnet({
    env,
    signal,
    overrides,
    say: (line) => process.stdout.write(`camelid: ${line}\n`),
  })
  try {
    process.stdout.write(
      `camelid: everything is ready after ${((performance.now() - started) / 1000).toFixed(1)} s; logs are in ${testnet.state.logs}\n`,
    )
    return await Promise.race([use(testnet), testnet.failed, aborted(signal)])
  } finally {
    await testnet.stop()
  }
}

/** Buys one completion on this testnet; returns the exit code. */
export function buyOn(testnet: Testnet, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const addresses = {
    CLIENT_URL: testnet.clientUrl,
    CHAIN_URL: testnet.chainUrl,
    JOB_POOL_URL: testnet.jobPoolUrl,
    KEYS_DIR: testnet.state.keys,
  }
  return jobCommand({ ...env, ...addresses }, process.stdout, signal)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
