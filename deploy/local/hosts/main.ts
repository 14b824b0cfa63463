// npm run test:hosts
// Five testnets, each with a network namespace as its host: they find each other by their addresses and agree on one chain, on which
// each of them mines. Needs Linux, ip and the right to make network namespaces; without them it fails, and says what is missing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { until } from '../test/until.ts'
import { Host } from './host.ts'
import { HostNetwork } from './network.ts'

const HOSTS = 5
const LAUNCHER = join(import.meta.dirname, '../src/main.ts')
const READY_MS = 200_000
/** Blocks on top of one that all agree on. */
const BURIED = 6
const tipSchema = z.object({ height: z.number() })
const blockSchema = z.object({ hash: z.string() })
const peersSchema = z.object({ peers: z.array(z.object({ remote: z.string() })) })

const say = (line: string): void => void process.stdout.write(`${line}\n`)

function openNetwork(): HostNetwork | undefined {
  try {
    return new HostNetwork(HOSTS)
  } catch (error) {
    process.stderr.write(`NOT RUN: this machine does not allow network namespaces: ${String(error)}\n`)
    return undefined
  }
}

async function run(network: HostNetwork, home: string): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const numbers = Array.from({ length: HOSTS }, (_, i) => i + 1)
  const seed = `${network.address(1)}:7331`
  const hosts = numbers.map((number) =>
    stack.use(
      new Host({
        name: `host ${number}`,
        on: network.on(number),
        launcher: LAUNCHER,
        env: {
          ...process.env,
          NODES: '',
          PORT_OFFSET: '',
          CAMELID_HOME: join(home, `host-${number}`),
          P2P_HOST: '0.0.0.0',
          SEEDS: number === 1 ? '' : seed,
          // Each client knows only nodes on other hosts.
          PEERS: numbers
            .filter((other) => other !== number)
            .slice(0, 3)
            .map((other) => `${network.address(other)}:7331`)
            .join(','),
        },
      }),
    ),
  )
  await Promise.all(
    hosts.map((host, i) =>
      until(
        `${host.name} to be connected with all others`,
        async () => {
          host.assertRuns()
          const { peers } = peersSchema.parse(await host.ask('peer', 'list'))
          // Those that came are told by the port they listen on: clients listen on none.
          const seen = new Set(peers.map(({ remote }) => remote))
          return numbers.every((number) => number === i + 1 || seen.has(`${network.address(number)}:7331`))
        },
        READY_MS,
      ),
    ),
  )
  say('ok  five hosts found each other from one seed')
  const height = await until('blocks of all miners', async () => {
    const tips = await Promise.all(hosts.map(async (host) => tipSchema.parse(await host.ask('chain', 'tip'))))
    const lowest = Math.min(...tips.map((tip) => tip.height))
    return lowest > 2 * BURIED && lowest - BURIED
  })
  // Tips come by the second and differ for a moment.
  const block = await until(`one block ${height} on all hosts`, async () => {
    const ask = async (host: Host) => blockSchema.parse(await host.ask('chain', 'block', String(height))).hash
    const [first, ...others] = await Promise.all(hosts.map(ask))
    return others.every((hash) => hash === first) && first
  })
  say(`ok  all of them have block ${height}, ${block}`)
}

using network = openNetwork()
if (network === undefined) process.exitCode = 2
else {
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      // The launchers stop by themselves when nobody reads what they print.
      network[Symbol.dispose]()
      process.exit(130)
    })
  const home = mkdtempSync(join(tmpdir(), 'camelid-hosts-'))
  try {
    await run(network, home)
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
