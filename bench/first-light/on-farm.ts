import { type DemoOptions, fundParties, launchTestnet, Parties, partyAddresses } from '@camelid/local'

type Overrides = NonNullable<Parameters<typeof launchTestnet>[0]['overrides']>

/** Enough bond slots that jobs need not wait for each other's settlement. */
const SLOTS = { BOND_SLOTS: '10', BOND_VALUE: '0.5' }

/** A funded testnet for the time of `use`, with more bond slots than usual. */
export async function onFarm<T>(
  home: string,
  portOffset: number,
  overrides: Overrides,
  use: (parties: Parties) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(900_000)
  const env = { ...process.env, CAMELID_HOME: home, PORT_OFFSET: String(portOffset) }
  const testnet = await launchTestnet({
    env,
    signal,
    say: () => undefined,
    overrides: { ...overrides, 'job-pool': { ...overrides['job-pool'], ...SLOTS } },
  })
  try {
    using parties = new Parties(partyAddresses(testnet))
    await fundParties(parties, () => undefined, signal)
    return await use(parties)
  } finally {
    await testnet.stop()
  }
}

/** Buys one completion and returns its verdict once the stage is reached, or how the job ended otherwise. */
export async function verdictOf(
  parties: Parties,
  options: Partial<DemoOptions>,
  stage: 'checked' | 'settled',
): Promise<string> {
  const order = {
    prompt: 'Once upon a time',
    maxTokens: 160,
    temperature: 0.8,
    topK: undefined,
    topP: undefined,
    seed: '1',
    model: 'camelid-tiny-F16',
    ...options,
  }
  // Each job holds a coin of its own until it is over.
  await fundParties(parties, () => undefined, AbortSignal.timeout(120_000))
  const { jobId } = await parties.client.postJob(order)
  for await (const event of parties.client.events(jobId, AbortSignal.timeout(120_000))) if (event.stage === stage) break
  const { receipt, state, error } = await parties.client.job(jobId)
  return receipt?.verdict ?? `${state}: ${error?.message ?? ''}`
}
