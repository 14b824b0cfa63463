import { isCoded } from '@camelid/errors'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { BaseConfig } from './base-env.ts'
import { ConfigError } from './config-error.ts'
import { Health } from './health.ts'
import { createHttp } from './http.ts'
import { createLogger } from './logger.ts'
import { type Shutdown, watchShutdown } from './shutdown.ts'

export interface ServiceContext<C extends BaseConfig> {
  name: string
  config: C
  log: Logger
  /** Aborts when the service begins to stop: every loop and every wait takes it. */
  signal: AbortSignal
  /** Register each resource the moment it is acquired; they close in reverse order. */
  stack: AsyncDisposableStack
  metrics: Registry
  health: Pick<Health, 'add'>
  /** Add routes before `start` returns; they answer from then on. */
  http: FastifyInstance
  /** Same as `stack.defer`. */
  onShutdown: (close: () => Promise<void> | void) => void
  /** Ends the service with exit code 1, e.g. when a background loop cannot go on. */
  fail: (reason: string, error: unknown) => void
}

interface ServiceDefinition<C extends BaseConfig> {
  name: string
  readConfig: (env: NodeJS.ProcessEnv) => C
  /** Opens everything and returns; it may wait for dependencies as long as it heeds `signal`. */
  start: (ctx: ServiceContext<C>) => Promise<void>
}

/** The whole life of a service process: configuration, logs, health, start, and an orderly end. Ends the process. */
export async function runService<C extends BaseConfig>(definition: ServiceDefinition<C>): Promise<void> {
  const config = readConfigOrExit(definition)
  const log = await createLogger(definition.name, config)
  const shutdown = watchShutdown(log)
  const stack = new AsyncDisposableStack()
  const health = new Health()
  try {
    const started = performance.now()
    const { ctx, open } = await openContext({ definition, config, log, shutdown, stack, health })
    await definition.start(ctx)
    await open()
    health.serving()
    log.info({ ms: Math.round(performance.now() - started) }, 'ready')
    await aborted(shutdown.signal)
  } catch (error) {
    if (!shutdown.signal.aborted) shutdown.stop(explain(error), error)
  }
  health.stopping()
  await closeAll({ stack, log, graceMs: config.GRACE_MS, shutdown })
  process.exit(shutdown.failed() ? 1 : 0)
}

interface Parts<C extends BaseConfig> {
  definition: ServiceDefinition<C>
  config: C
  log: Logger
  shutdown: Shutdown
  stack: AsyncDisposableStack
  health: Health
}

async function openContext<C extends BaseConfig>(
  parts: Parts<C>,
): Promise<{ ctx: ServiceContext<C>; open: () => Promise<void> }> {
  const { definition, config, log, shutdown, stack, health } = parts
  const metrics = new Registry()
  metrics.setDefaultLabels({ service: definition.name })
  collectDefaultMetrics({ register: metrics })
  const http = createHttp({ health, metrics, log })
  stack.defer(http.close)
  const port = await http.listen(config.HTTP_HOST, config.HTTP_PORT)
  log.debug({ port }, 'health and metrics listen')
  const ctx: ServiceContext<C> = {
    name: definition.name,
    config,
    log,
    signal: shutdown.signal,
    stack,
    metrics,
    health,
    http: http.app,
    onShutdown: (close) => stack.defer(close),
    fail: (reason, error) => shutdown.stop(reason, error ?? new Error(reason)),
  }
  return { ctx, open: http.open }
}

function readConfigOrExit<C extends BaseConfig>({ name, readConfig }: ServiceDefinition<C>): C {
  try {
    const config = readConfig(process.env)
    if (config.NETWORK !== 'local' && config.CLOCK_OFFSET_MS !== 0)
      throw new ConfigError([`CLOCK_OFFSET_MS: only NETWORK=local may move its clock; unset it on ${config.NETWORK}`])
    return config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const lines = error.problems.map((problem) => `  ${problem}`)
    process.stderr.write(`${name}: the configuration is wrong:\n${lines.join('\n')}\n`)
    process.exit(1)
  }
}

async function closeAll(parts: {
  stack: AsyncDisposableStack
  log: Logger
  graceMs: number
  shutdown: Shutdown
}): Promise<void> {
  const { stack, log, graceMs, shutdown } = parts
  const timer = setTimeout(() => {
    log.error({ graceMs }, 'stopping took longer than the grace period: exiting now')
    process.exit(1)
  }, graceMs)
  try {
    await stack.disposeAsync()
    log.info('stopped')
  } catch (error) {
    shutdown.stop('closing failed', error)
  } finally {
    clearTimeout(timer)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error)
    return `port ${String(error.port)} is taken: stop what listens there or choose another`
  return isCoded(error) ? `cannot start: ${error.message}` : 'cannot start'
}
