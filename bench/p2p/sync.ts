import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sharedNats } from '../../services/gateway/test/shared-nats.ts'
import { TestGateway } from '../../services/gateway/test/test-gateway.ts'
import { BenchNode } from '../chain/bench-node.ts'
import { atLeast, exactly, type Figure, stated } from '../report.ts'
import { makeSmallChain } from './small-chain.ts'

const PEERS = 4
const HEADERS_AT_ONCE = 2_000
/** Blocks on their way to the chain when it is fed alone: enough for it to connect as many at once as it likes. */
const BLOCKS_AT_ONCE = 256
const SERVER = fileURLToPath(new URL('serve-chain.ts', import.meta.url))

/** The same blocks twice: handed to a chain as fast as it takes them, and fetched by a node from four peers, one of them slow. */
export async function benchSync(blocks: number): Promise<Figure[]> {
  const alone = await connectAlone(blocks)
  console.log(`  alone: ${alone.toFixed(0)} blocks/s`)
  const { rate, missing } = await syncFromPeers(blocks)
  return [
    exactly('sync: blocks missing at its end', missing, 'blocks', 0),
    stated('the chain connects the blocks alone', alone, 'blocks/s'),
    stated(`sync from ${PEERS} peers, one of them slow`, rate, 'blocks/s'),
    atLeast('sync ÷ alone', rate / alone, 'ratio', 0.8),
  ]
}

/** @returns blocks a second */
async function connectAlone(length: number): Promise<number> {
  const { headers, blocks } = makeSmallChain(length)
  await using node = await BenchNode.start()
  const start = performance.now()
  for (let at = 0; at < headers.length; at += HEADERS_AT_ONCE)
    await node.feed.take([{ headers: Buffer.concat(headers.slice(at, at + HEADERS_AT_ONCE)) }])
  const onTheirWay = new Set<Promise<void>>()
  for (const block of blocks) {
    const taken = node.feed.take([{ block }])
    onTheirWay.add(taken)
    void taken.finally(() => onTheirWay.delete(taken))
    if (onTheirWay.size >= BLOCKS_AT_ONCE) await Promise.race(onTheirWay)
  }
  await Promise.all(onTheirWay)
  return length / ((performance.now() - start) / 1000)
}

async function syncFromPeers(length: number): Promise<{ rate: number; missing: number }> {
  await using stack = new AsyncDisposableStack()
  const server = fork(SERVER, [String(length), String(PEERS)])
  stack.defer(() => server.disconnect())
  const [ports] = (await once(server, 'message')) as [number[]]
  const node = stack.use(await BenchNode.start())
  const nats = await sharedNats()
  stack.defer(() => nats.stop())
  const gateway = stack.use(
    await TestGateway.prepare({
      SEEDS: ports.map((port) => `127.0.0.1:${port}`).join(','),
      CHAIN_URL: node.url,
      NATS_URL: node.natsUrl,
      NODE_NAME: 'farm',
      LOG_LEVEL: 'warn',
    }),
  )
  const start = performance.now()
  await gateway.start()
  let height = 0
  const deadline = start + 600_000
  while (height < length && performance.now() < deadline) {
    await delay(100)
    height = await node.height()
  }
  return { rate: height / ((performance.now() - start) / 1000), missing: length - height }
}
