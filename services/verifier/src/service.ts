import { loadRegistry } from '@camelid/engine'
import { connectBus } from '@camelid/events'
import { type ServiceContext, systemClock } from '@camelid/runtime'
import type { VerifierConfig } from './config.ts'
import { beat } from './heartbeat.ts'
import { createMetrics } from './metrics.ts'
import { openEngines } from './open-engines.ts'
import { type VerifyArgs, verify } from './verify.ts'

/** Models first: a broken one is said at once, whether NATS is there or not. */
export async function start(ctx: ServiceContext<VerifierConfig>): Promise<void> {
  const { config, log, signal, stack } = ctx
  const registry = loadRegistry(config.MODELS_DIR)
  const engines = await openEngines(config, registry, stack, log)
  const bus = await connectBus({
    url: config.NATS_URL,
    network: config.NETWORK,
    node: config.NODE_NAME,
    name: config.VERIFIER_ID,
    log,
    signal,
  })
  stack.use(bus)
  ctx.health.add('nats', () => bus.ping())

  let busy = 0
  const metrics = createMetrics(ctx.metrics, () => busy)
  const shared = {
    bus,
    registry,
    verifierId: config.VERIFIER_ID,
    clock: systemClock(config.CLOCK_OFFSET_MS),
    signal,
    onEnd: (end: Parameters<VerifyArgs['onEnd']>[0]) => {
      metrics.finished(end.outcome, end.positions)
      log.info(end, 'check ended')
    },
  }
  const loops = engines.map((engine) => {
    const modelSha256 = engine.model.sha256
    const pull = {
      kind: 'verify' as const,
      modelSha256,
      concurrency: config.SEQUENCES,
      ackWaitMs: config.ACK_WAIT_MS,
      signal,
    }
    return bus.pullWork(pull, async (message) => {
      busy++
      try {
        await verify({ ...shared, engine }, message)
      } finally {
        busy--
      }
    })
  })
  const slots = config.SEQUENCES * engines.length
  loops.push(beat({ bus, verifierId: config.VERIFIER_ID, engines, slots, busy: () => busy, signal }))
  // Last in, first out: the loops hand back what they hold before the bus and the engines go.
  stack.defer(async () => {
    await Promise.all(loops)
  })
  log.info({ models: engines.map(({ model }) => model.name), engine: engines[0]?.engine }, 'waiting for checks')
}
