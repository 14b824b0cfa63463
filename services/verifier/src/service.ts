import { loadRegistry, ModelOpener } from '@camelid/engine'
import { type Bus, connectBus } from '@camelid/events'
import { type ServiceContext, systemClock } from '@camelid/runtime'
import type { VerifierConfig } from './config.ts'
import { beat } from './heartbeat.ts'
import { createMetrics } from './metrics.ts'
import { type VerifyArgs, verify } from './verify.ts'

/** Models and NATS at once: loading is mostly waiting, and a broken model is said whether NATS is there or not. */
export async function start(ctx: ServiceContext<VerifierConfig>): Promise<void> {
  const { config, log, signal, stack } = ctx
  const registry = loadRegistry(config.MODELS_DIR)
  const opener = new ModelOpener({ config, registry, sequences: config.SEQUENCES, stack, log })
  const [held, bus] = await Promise.all([opener.openAll(), openBus(ctx)])
  const engines = held.map(({ engine }) => engine)
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

async function openBus({ config, log, signal, stack }: ServiceContext<VerifierConfig>): Promise<Bus> {
  const { NATS_URL: url, NETWORK: network, NODE_NAME: node, VERIFIER_ID: name } = config
  return stack.use(await connectBus({ url, network, node, name, log, signal }))
}
