import { connectChain } from './chain/chain-client.ts'
import { createMetrics, type MinerContext } from './metrics.ts'
import { mine } from './mine.ts'

/** Opens the connection to the chain and mines until the service stops. */
export async function start(ctx: MinerContext): Promise<void> {
  const { config, log, signal } = ctx
  const chain = connectChain(config.CHAIN_URL)
  ctx.stack.defer(() => chain.close())
  ctx.health.add('chain', async () => void (await chain.getTip({}, { signal, timeoutMs: 1_500 })))
  const mining = mine({
    chain,
    payoutH2: config.PAYOUT_ADDRESS,
    threads: config.MINER_THREADS,
    duty: config.duty,
    minIntervalMs: config.minIntervalMs,
    log,
    metrics: createMetrics(ctx),
    signal,
  }).catch((error: unknown) => {
    if (!signal.aborted) ctx.fail('mining cannot go on', error)
  })
  ctx.stack.defer(() => mining)
  log.info({ threads: config.MINER_THREADS, duty: config.duty }, 'mining')
}
