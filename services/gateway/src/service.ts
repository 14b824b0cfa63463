import { connectBus } from '@camelid/events'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { serveRpc, serviceImpl } from '@camelid/rpc'
import { type ServiceContext, systemClock } from '@camelid/runtime'
import { openStore } from '@camelid/store'
import type { Config } from './config.ts'
import { startGateway } from './gateway.ts'
import { openIdentity } from './open-identity.ts'
import type { GatewayParts } from './parts.ts'
import { ban } from './rpc/ban.ts'
import { broadcast } from './rpc/broadcast.ts'
import { listBans } from './rpc/list-bans.ts'
import { listPeers } from './rpc/list-peers.ts'
import { send } from './rpc/send.ts'
import { unban } from './rpc/unban.ts'

/** Opens what the gateway stands on, then the gateway, then its gRPC. */
export async function start(ctx: ServiceContext<Config>): Promise<void> {
  const { config, log, signal, stack } = ctx
  const identity = await openIdentity(config.NODE_KEYSTORE, config.NODE_PASSWORD)
  const store = stack.use(
    await openStore({
      url: config.DATABASE_URL,
      schema: 'gateway',
      migrations: new URL('../migrations/', import.meta.url),
      log,
      signal,
      max: config.DATABASE_CONNECTIONS,
    }),
  )
  const bus = stack.use(
    await connectBus({
      url: config.NATS_URL,
      network: config.NETWORK,
      node: config.NODE_NAME,
      name: 'gateway',
      log,
      signal,
    }),
  )
  const { parts } = await startGateway({
    config,
    identity,
    sql: store.sql,
    bus,
    clock: systemClock(config.CLOCK_OFFSET_MS),
    log,
    signal,
    registry: ctx.metrics,
    stack,
  })
  const { port } = stack.use(
    await serveRpc({ host: config.GRPC_HOST, port: config.GRPC_PORT, services: [gatewayService(parts)], log }),
  )
  log.info({ host: config.GRPC_HOST, port }, 'gRPC listens')
  ctx.health.add('postgres', () => store.ping())
  ctx.health.add('nats', () => bus.ping())
  ctx.health.add('chain', async () => {
    if (!parts.owners.connected.chain) throw new Error('the stream to the chain is down')
  })
  ctx.health.add('job-pool', async () => {
    if (!parts.owners.connected.jobPool) throw new Error('the stream to the job-pool is down')
  })
}

function gatewayService(parts: GatewayParts) {
  return serviceImpl(GatewayService, {
    send: (request) => send(parts, request),
    broadcast: (request) => broadcast(parts, request),
    listPeers: () => listPeers(parts),
    listBans: () => listBans(parts),
    ban: (request) => ban(parts, request),
    unban: (request) => unban(parts, request),
  })
}
