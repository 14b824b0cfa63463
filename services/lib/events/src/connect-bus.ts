import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { type ConsumeOptions, consume } from './consume.ts'
import { emit, listen } from './core.ts'
import { type BusLog, type Link, pause, reasonOf } from './link.ts'
import type { BusMessage } from './message.ts'
import { type PublishOptions, publish } from './publish.ts'
import { type PullWorkOptions, pullWork, type WorkHandler, type WorkKind } from './pull-work.ts'
import { ensureStreams } from './streams.ts'
import { scopeOf } from './subjects.ts'

const API_TIMEOUT_MS = 3_000
const CLOSE_TIMEOUT_MS = 2_000

interface ConnectOptions {
  /** nats://host:port */
  url: string
  network: string
  node: string
  /** The service, as it shows in the server's list of connections. */
  name: string
  log: BusLog
  signal: AbortSignal
}

interface ConsumeResults {
  kind: WorkKind
  durable: string
  signal: AbortSignal
}

/** One connection to NATS. Subjects are given and received without `<network>.<node>.`. */
export interface Bus extends AsyncDisposable {
  /** Resolves once the stream holds it. Throws BusError. */
  publish(subject: string, data: Uint8Array, options: PublishOptions): Promise<{ duplicate: boolean }>
  consume: (options: ConsumeOptions, handler: (message: BusMessage) => Promise<void>) => Promise<void>
  /** Same id within two minutes: stored once, even if it was worked off meanwhile; a new attempt needs a new id. */
  enqueueWork(
    kind: WorkKind,
    modelSha256: string,
    id: string,
    data: Uint8Array,
    trace?: string,
  ): Promise<{ duplicate: boolean }>
  pullWork: (options: PullWorkOptions, handler: WorkHandler) => Promise<void>
  /** To `result.<kind>.<id>`; one result per id within two minutes unless `messageId` differs. */
  publishResult(
    kind: WorkKind,
    id: string,
    data: Uint8Array,
    options?: { messageId?: string; trace?: string },
  ): Promise<{ duplicate: boolean }>
  consumeResults: (options: ConsumeResults, handler: (message: BusMessage) => Promise<void>) => Promise<void>
  emit: (subject: string, data: Uint8Array) => void
  listen(
    filter: string,
    options: { signal: AbortSignal },
    handler: (message: { subject: string; data: Uint8Array }) => Promise<void> | void,
  ): void
  /** Resolves if the server answers; for /readyz. */
  ping: () => Promise<void>
  close: () => Promise<void>
}

/** Waits until NATS answers, creates the streams, and returns the bus; it reconnects for ever afterwards. */
export async function connectBus(options: ConnectOptions): Promise<Bus> {
  const link = await openLink(options)
  const close = () => closeConnection(link.connection)
  return {
    publish: (subject, data, rest) => publish(link, subject, data, rest),
    consume: (rest, handler) => consume(link, rest, handler),
    enqueueWork: (kind, model, id, data, trace) =>
      publish(link, `${kind}.${model}`, data, { id: `${kind}:${id}`, trace }),
    pullWork: (rest, handler) => pullWork(link, rest, handler),
    publishResult: (kind, id, data, { messageId = `result:${kind}:${id}`, trace } = {}) =>
      publish(link, `result.${kind}.${id}`, data, { id: messageId, trace }),
    consumeResults: ({ kind, durable, signal }, handler) =>
      consume(link, { stream: 'RESULTS', durable, filter: [`result.${kind}.*`], signal, maxInFlight: 64 }, handler),
    emit: (subject, data) => emit(link, subject, data),
    listen: (filter, rest, handler) => listen(link, filter, rest, handler),
    ping: async () => {
      await link.connection.rtt()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openLink(options: ConnectOptions): Promise<Link> {
  const { network, node, log, signal } = options
  const scope = scopeOf(network, node)
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted()
    let connection: NatsConnection | undefined
    try {
      connection = await openConnection(options)
      const manager = await jetstreamManager(connection, { timeout: API_TIMEOUT_MS })
      await ensureStreams(manager, scope)
      watch(connection, log)
      return { connection, manager, client: jetstream(connection, { timeout: API_TIMEOUT_MS }), scope, log }
    } catch (error) {
      await connection?.close()
      if (tries === 3 || tries % 20 === 0)
        log.warn({ tries, reason: reasonOf(error) }, 'waiting for NATS with JetStream')
    }
    await pause(Math.min(2_000, 50 * 2 ** Math.min(tries, 6)), signal)
  }
}

function openConnection({ url, name, node }: ConnectOptions): Promise<NatsConnection> {
  return connect({
    servers: url,
    name: `${node}/${name}`,
    timeout: 2_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 50,
    pingInterval: 5_000,
    maxPingOut: 2,
  })
}

function watch(connection: NatsConnection, log: BusLog): void {
  const follow = async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') log.warn({}, 'lost NATS; reconnecting')
      else if (type === 'reconnect') log.info({}, 'NATS is back')
    }
  }
  follow().catch((error: unknown) =>
    log.debug({ reason: reasonOf(error) }, 'the connection state is no longer followed'),
  )
}

/** Sends what is still buffered if the server is there, and closes in any case. */
async function closeConnection(connection: NatsConnection): Promise<void> {
  if (connection.isClosed()) return
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, CLOSE_TIMEOUT_MS)
  await Promise.race([connection.flush().catch(() => undefined), late.promise])
  clearTimeout(timer)
  await connection.close()
}
