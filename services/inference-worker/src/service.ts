import { type Bus, connectBus } from '@camelid/events'
import type { GenerateRequest } from '@camelid/rastic'
import { type ServiceContext, systemClock } from '@camelid/runtime'
import { cheatBy } from './cheat/cheat.ts'
import type { WorkerConfig } from './config.ts'
import { beat } from './heartbeat.ts'
import { createMetrics } from './metrics.ts'
import { type HeldModel, openEngines } from './open-engines.ts'
import { type WorkOnArgs, workOn } from './work-on.ts'

/** Models and NATS at once: loading is mostly waiting, and a broken model is said whether NATS is there or not. */
export async function start(ctx: ServiceContext<WorkerConfig>): Promise<void> {
  const { config, log, signal, stack } = ctx
  const [held, bus] = await Promise.all([openEngines(config, stack, log), openBus(ctx)])
  if (config.CHEAT !== undefined)
    log.warn({ cheat: config.CHEAT }, 'this worker cheats: its outputs must be found INVALID')
  ctx.health.add('nats', () => bus.ping())

  let busy = 0
  const metrics = createMetrics(ctx.metrics, () => busy)
  const shared = {
    bus,
    workerId: config.WORKER_ID,
    clock: systemClock(config.CLOCK_OFFSET_MS),
    signal,
    onEnd: (end: Parameters<WorkOnArgs['onEnd']>[0]) => {
      metrics.finished(end.outcome)
      metrics.generated(end.tokens)
      log.info(end, 'work ended')
    },
  }
  const loops = held.map((model) => {
    const args: WorkOnArgs = {
      ...shared,
      engine: model.engine,
      modelSha256: model.registered.sha256,
      generate: generateWith(config, model),
    }
    const pull = {
      kind: 'work' as const,
      modelSha256: model.registered.sha256,
      concurrency: config.SEQUENCES,
      ackWaitMs: config.ACK_WAIT_MS,
      signal,
    }
    return bus.pullWork(pull, async (message) => {
      busy++
      try {
        await workOn(args, message)
      } finally {
        busy--
      }
    })
  })
  loops.push(
    beat({ bus, workerId: config.WORKER_ID, held, slots: config.SEQUENCES * held.length, busy: () => busy, signal }),
  )
  // Last in, first out: the loops hand back what they hold before the bus and the engines go.
  stack.defer(async () => {
    await Promise.all(loops)
  })
  log.info({ models: held.map(({ engine }) => engine.model.name), engine: held[0]?.engine.engine }, 'waiting for work')
}

function generateWith({ CHEAT }: WorkerConfig, model: HeldModel): WorkOnArgs['generate'] {
  if (CHEAT === undefined) return (request: GenerateRequest) => model.engine.generate(request)
  const cheat = cheatBy(CHEAT)
  return (request: GenerateRequest) => cheat(model, request)
}

async function openBus({ config, log, signal, stack }: ServiceContext<WorkerConfig>): Promise<Bus> {
  const { NATS_URL: url, NETWORK: network, NODE_NAME: node, WORKER_ID: name } = config
  return stack.use(await connectBus({ url, network, node, name, log, signal }))
}
