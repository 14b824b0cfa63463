import { connectChain } from './chain/chain-client.ts'
import { createMetrics, type MinerContext, type MinerMetrics } from './metrics.ts'
import { mine } from './mine.ts'
import { createStratumMetrics } from './stratum/metrics.ts'
import { StratumServer } from './stratum/serve-stratum.ts'
import { type SubmitOptions, submitBlock } from './submit-block.ts'
import type { WorkFollower } from './work/follow-work.ts'

/** Opens the connection to the chain, and the port for other miners where one is wanted, and mines until the service stops. */
export async function start(ctx: MinerContext): Promise<void> {
  const { config, log, signal } = ctx
  const chain = connectChain(config.CHAIN_URL)
  ctx.stack.defer(() => chain.close())
  ctx.health.add('chain', async () => void (await chain.getTip({}, { signal, timeoutMs: 1_500 })))
  const metrics = createMetrics(ctx)
  const mining = mine({
    chain,
    payoutH2: config.PAYOUT_ADDRESS,
    threads: config.MINER_THREADS,
    duty: config.duty,
    minIntervalMs: config.minIntervalMs,
    followers: await openStratum(ctx, { chain, log, metrics, signal }),
    log,
    metrics,
    signal,
  }).catch((error: unknown) => {
    if (!signal.aborted) ctx.fail('mining cannot go on', error)
  })
  ctx.stack.defer(() => mining)
  log.info({ threads: config.MINER_THREADS, duty: config.duty }, 'mining')
}

async function openStratum(
  ctx: MinerContext,
  submitting: SubmitOptions & { readonly metrics: MinerMetrics },
): Promise<WorkFollower[]> {
  const { config, log, metrics } = ctx
  const nowMs = () => performance.now()
  if (config.STRATUM_PORT === undefined) return []
  const stratum = await StratumServer.listen({
    host: config.STRATUM_HOST,
    port: config.STRATUM_PORT,
    startDifficulty: config.STRATUM_DIFFICULTY,
    maxConnections: config.STRATUM_CONNECTIONS,
    maxPerAddress: config.STRATUM_CONNECTIONS_PER_ADDRESS,
    onBlock: (found) => void submitBlock(submitting, found),
    log,
    metrics: createStratumMetrics(metrics, nowMs),
    nowMs,
  })
  ctx.stack.use(stratum)
  log.info({ host: config.STRATUM_HOST, port: stratum.port }, 'Stratum miners may connect')
  return [stratum]
}
