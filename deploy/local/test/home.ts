import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECKOUT } from '../src/checkout.ts'
import { followJob } from '../src/demo/follow-job.ts'
import { fundParties } from '../src/demo/fund.ts'
import type { JobDetail } from '../src/demo/job-detail.ts'
import type { DemoOptions } from '../src/demo/options.ts'
import { Parties } from '../src/demo/parties.ts'
import { partyAddresses } from '../src/party-addresses.ts'
import type { Overrides } from '../src/services/names.ts'
import { launchTestnet, type Testnet } from '../src/testnet.ts'

/** What Node made of the services' code, for all tests: else each would start and stop its processes without. */
const NODE_COMPILE_CACHE = join(CHECKOUT, 'node_modules/.cache/camelid-compiled')

/** A state directory and ports of a test's own. */
export interface Home extends Disposable {
  readonly env: NodeJS.ProcessEnv
}

export function openHome(portOffset: number, more: Readonly<Record<string, string>> = {}): Home {
  const home = mkdtempSync(join(tmpdir(), 'camelid-e2e-'))
  const env = { ...process.env, CAMELID_HOME: home, PORT_OFFSET: String(portOffset), NODE_COMPILE_CACHE }
  // What a person's shell may have set for the make targets is none of a test's business.
  for (const name of [
    'PROMPT',
    'MAX_TOKENS',
    'TEMPERATURE',
    'TOP_K',
    'TOP_P',
    'SEED',
    'MODEL',
    'CHEAT',
    'NODES',
    'P2P_HOST',
    'SEEDS',
    'PEERS',
  ] as const)
    delete (env as NodeJS.ProcessEnv)[name]
  return {
    env: { ...env, ...more },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** Three times the local contest window, or more: deadlines that a busy machine keeps too. Jobs settle so much later. */
export function longWindow(overrides: Overrides = {}, seconds = 15): Overrides {
  const window = { CONTEST_WINDOW_S: String(seconds) }
  const own = (['chain', 'job-pool', 'client'] as const).map(
    (name) => [name, { ...overrides[name], ...window }] as const,
  )
  return { ...overrides, ...Object.fromEntries(own) }
}

/** A funded testnet for the time of `use`. */
export async function onTestnet<T>(
  home: Home,
  overrides: Overrides,
  use: (testnet: Testnet, parties: Parties) => Promise<T>,
  say: (line: string) => void = () => undefined,
): Promise<T> {
  const signal = AbortSignal.timeout(240_000)
  const testnet = await launchTestnet({ env: home.env, signal, overrides, say })
  try {
    using parties = new Parties(partyAddresses(testnet))
    await fundParties(parties, () => undefined, signal)
    const { failed } = testnet
    const failure = new Promise<never>((_, reject) =>
      failed.addEventListener('abort', () => reject(failed.reason), { once: true }),
    )
    return await Promise.race([use(testnet, parties), failure])
  } finally {
    await testnet.stop()
  }
}

export const STORY: DemoOptions = {
  prompt: 'Tell me a story about a fox.\n',
  maxTokens: 160,
  temperature: 0.8,
  topK: undefined,
  topP: undefined,
  seed: '1',
  model: 'camelid-tiny-F16',
}

/** Waits until a job of the client reached one of these stages; throws when it ended in another way. */
export async function reach(
  parties: Parties,
  jobId: string,
  stages: readonly string[],
  timeoutMs = 90_000,
): Promise<JobDetail> {
  for await (const event of followJob(parties.client, jobId, AbortSignal.timeout(timeoutMs))) {
    if (stages.includes(event.stage)) break
  }
  const job = await parties.client.job(jobId)
  if (!job.events.some(({ stage }) => stages.includes(stage)))
    throw new Error(
      `job ${jobId} ended as ${job.state}: ${JSON.stringify(job.error)} after ${job.events.map(({ stage }) => stage).join(', ')}`,
    )
  return job
}
