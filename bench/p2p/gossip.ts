import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@camelid/local/testing'
import { sharedNats } from '../../services/gateway/test/shared-nats.ts'
import { TestGateway } from '../../services/gateway/test/test-gateway.ts'
import { atLeast, atMost, exactly, type Figure, stated } from '../report.ts'
import type { CrowdPlan, CrowdReport } from './gossip/plan.ts'

const CROWD = fileURLToPath(new URL('gossip/crowd.ts', import.meta.url))
const PEERS = 100
const WARM_UP_S = 5
const SECONDS = 30
/** New items a second. */
const RATE = 1_000
/** Of them, statements, which go on whole; the others are transactions, told by inventory and fetched. */
const STATEMENTS = 0.04
/** Peers that tell of a transaction before the gateway tells the others. */
const ANNOUNCERS = 8
const MB = 1_000_000

/** One gateway among 100 peers that gossip: what it costs. */
export async function benchGossip(rate = RATE): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack()
  const nats = await sharedNats()
  stack.defer(() => nats.stop())
  const httpPort = await freePort()
  const gateway = stack.use(
    await TestGateway.prepare({
      HTTP_PORT: String(httpPort),
      LOG_LEVEL: 'warn',
      // As it is started in a farm.
      NODE_OPTIONS: '--max-semi-space-size=16',
      OUTBOUND_PEERS: '0',
      NATS_URL: nats.url,
    }),
  )
  const plan: CrowdPlan = {
    natsUrl: nats.url,
    node: gateway.name,
    peers: PEERS,
    announcers: ANNOUNCERS,
    ...split(rate),
  }
  const crowd = fork(CROWD, [JSON.stringify(plan)])
  stack.defer(() => {
    if (crowd.connected) crowd.disconnect()
  })
  const [{ url }] = (await once(crowd, 'message')) as [{ url: string }]
  await gateway.start({ CHAIN_URL: url, JOB_POOL_URL: url })
  const reported = once(crowd, 'message') as Promise<[CrowdReport]>
  crowd.send({ port: gateway.port, seconds: WARM_UP_S + SECONDS })
  await until(async () => (await costs(httpPort)).bytesIn > 1_000 * PEERS)
  await delay(WARM_UP_S * 1_000)
  const [before, start] = [await costs(httpPort), performance.now()]
  let residentMb = before.residentMb
  while (performance.now() - start < (SECONDS - 2) * 1_000) {
    await delay(1_000)
    residentMb = Math.max(residentMb, (await costs(httpPort)).residentMb)
  }
  const after = await costs(httpPort)
  const wallS = (performance.now() - start) / 1_000
  const cores = (after.cpuS - before.cpuS) / wallS
  const [report] = await reported
  await gateway.stop()
  for (const reason of report.ended.slice(0, 5)) console.log(`  a connection ended: ${reason}`)
  return [
    stated('new items', report.items / (WARM_UP_S + SECONDS), '1/s'),
    atMost(`CPU of the gateway at ${PEERS} peers`, cores, 'cores', 0.5),
    atMost('resident memory at its most', residentMb, 'MB', 250),
    atLeast('transactions told to all others', report.told, 'share', 0.999),
    atLeast('statements told to all others', report.flooded, 'share', 0.999),
    atLeast('transactions given to who asked', report.fetched, 'share', 0.999),
    stated('from the first telling to the last but 5 %', report.delayMs, 'ms'),
    stated('out', (after.bytesOut - before.bytesOut) / wallS / MB, 'MB/s'),
    stated('in', (after.bytesIn - before.bytesIn) / wallS / MB, 'MB/s'),
    exactly('connections that ended', report.ended.length, '', 0),
  ]
}

/** What the gateway's own metrics say. */
async function costs(port: number): Promise<{ cpuS: number; residentMb: number; bytesIn: number; bytesOut: number }> {
  const lines = (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).split('\n')
  const sum = (prefix: string): number =>
    lines.filter((line) => line.startsWith(prefix)).reduce((total, line) => total + Number(line.split(' ').at(-1)), 0)
  return {
    cpuS: sum('process_cpu_seconds_total'),
    residentMb: sum('process_resident_memory_bytes') / MB,
    bytesIn: sum('camelid_p2p_bytes_total{direction="in"'),
    bytesOut: sum('camelid_p2p_bytes_total{direction="out"'),
  }
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await delay(200))
    if (await check()) return
  throw new Error('the crowd of peers did not come up')
}

function split(rate: number): { transactions: number; statements: number } {
  return { transactions: rate * (1 - STATEMENTS), statements: rate * STATEMENTS }
}
