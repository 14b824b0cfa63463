// npm run test:hosts
// Five testnets, each with a network namespace as its host: they find each other by their addresses and agree on one chain, on which
// each of them mines; and a job crosses from the client of one to the node of another, between which there is no line. Needs Linux, ip
// and the right to make network namespaces; without them it fails, and says what is missing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { until } from '../test/until.ts'
import { buyAcross } from './buy-across.ts'
import { Host } from './host.ts'
import { HostNetwork } from './network.ts'

const HOSTS = 5
const BUYER = 4
const SELLER = 5
const READY_MS = 200_000
/** Blocks on top of one that all agree on. */
const BURIED = 6
const tipSchema = z.object({ height: z.number() })
const blockSchema = z.object({ hash: z.string() })
const peersSchema = z.object({ peers: z.array(z.object({ remote: z.string() })) })
const numbers = Array.from({ length: HOSTS }, (_, i) => i + 1)

const started = performance.now()

function say(line: string): void {
  process.stdout.write(`ok  ${line} (${((performance.now() - started) / 1_000).toFixed(0)} s)\n`)
}

function openNetwork(): HostNetwork | undefined {
  try {
    return new HostNetwork(HOSTS, [BUYER, SELLER])
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    process.stderr.write(
      `NOT RUN: network namespaces cannot be made here: ${reason}\nIt needs Linux, ip (of iproute2) and the rights of root.\n`,
    )
    return undefined
  }
}

/** The others that a host has a line to. */
const reachable = (number: number): number[] =>
  numbers.filter((other) => other !== number && ![number, other].every((one) => one === BUYER || one === SELLER))

function startHosts(network: HostNetwork, home: string): Host[] {
  const seed = `${network.address(1)}:7331`
  return numbers.map(
    (number) =>
      new Host({
        name: `host ${number}`,
        address: network.address(number),
        on: network.on(number),
        home: join(home, `host-${number}`),
        env: {
          ...process.env,
          NODES: '',
          PORT_OFFSET: '',
          P2P_HOST: '0.0.0.0',
          SEEDS: number === 1 ? '' : seed,
          // Each client knows only nodes on other hosts.
          PEERS: reachable(number)
            .slice(0, 3)
            .map((other) => `${network.address(other)}:7331`)
            .join(','),
        },
      }),
  )
}

/** Whether a host is connected with all that it has a line to. */
async function knowsAll(host: Host, number: number, network: HostNetwork): Promise<boolean> {
  host.assertRuns()
  const { peers } = peersSchema.parse(await host.ask('peer', 'list'))
  // Those that came are told by the port they listen on: clients listen on none.
  const seen = new Set(peers.map(({ remote }) => remote))
  return reachable(number).every((other) => seen.has(`${network.address(other)}:7331`))
}

async function run(network: HostNetwork, home: string): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const hosts = startHosts(network, home)
  stack.defer(async () => {
    await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()))
  })
  await Promise.all(
    hosts.map((host, i) =>
      until(`${host.name} to be connected with the others`, () => knowsAll(host, i + 1, network), READY_MS),
    ),
  )
  say('five hosts found each other from one seed')
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
  say(`all of them have block ${height}, ${block}`)
  const [buyer, seller] = [hosts[BUYER - 1], hosts[SELLER - 1]]
  if (buyer === undefined || seller === undefined) throw new Error('two of the hosts trade')
  const output = await buyAcross({ buyer, seller })
  say(
    `${seller.name}, to which ${buyer.name} has no line, computed its job; delivered and VALID: ${JSON.stringify(output)}`,
  )
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
