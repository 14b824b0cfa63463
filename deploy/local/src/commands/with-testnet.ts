import { enableCompileCache } from 'node:module'
import { readDemoOptions } from '../demo/options.ts'
import { partyAddresses } from '../party-addresses.ts'
import { readPlan } from '../plan.ts'
import { launchTestnet, type Testnet } from '../testnet.ts'
import { cheatOverrides } from './cheat.ts'

interface WithTestnet {
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  /** Whether a receipt ends with a line of JSON. */
  json: boolean
  /** `buy` buys one completion on the running testnet and returns the exit code. */
  use: (testnet: Testnet, buy: () => Promise<number>) => Promise<number>
}

/** Starts a testnet for the time of `use` and stops it whatever happens. A part that keeps failing ends `use` too. */
export async function withTestnet({ env, signal, json, use }: WithTestnet): Promise<number> {
  // Mistakes in what was asked for are told before anything starts.
  const options = readDemoOptions(env)
  const overrides = cheatOverrides(env)
  const started = performance.now()
  const nodes = readPlan(env).length
  process.stdout.write(
    `camelid: starting PostgreSQL, NATS, ${nodes === 1 ? 'the farm' : `${nodes} nodes`} and a client\n`,
  )
  let loading: Promise<typeof import('../demo/buy.ts')> | undefined
  const testnet = await launchTestnet({
    env,
    signal,
    overrides,
    say: (line) => process.stdout.write(`camelid: ${line}\n`),
    onOpen: ({ compileCache }) => {
      enableCompileCache(compileCache)
      // What buying needs takes as long to load as PostgreSQL takes to start.
      loading = import('../demo/buy.ts')
      loading.catch(() => undefined)
    },
  })
  try {
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    process.stdout.write(`camelid: everything is ready after ${seconds} s; logs are in ${testnet.state.logs}\n`)
    const { buy } = await (loading ?? import('../demo/buy.ts'))
    const addresses = partyAddresses(testnet)
    const buyOne = () => buy({ addresses, options, out: process.stdout, json, signal })
    return await Promise.race([use(testnet, buyOne), aborted(testnet.failed), aborted(signal)])
  } finally {
    await testnet.stop()
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
