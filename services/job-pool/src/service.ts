import { networkParams, withContestWindow } from '@camelid/consensus'
import { loadRegistry } from '@camelid/engine'
import { connectBus, runOutbox } from '@camelid/events'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { rpcClient } from '@camelid/rpc'
import { retry, type ServiceContext, systemClock } from '@camelid/runtime'
import { openStore } from '@camelid/store'
import { ChangeFeed } from './change-feed.ts'
import { CheckDesk } from './checks/check-desk.ts'
import type { Config } from './config.ts'
import { driveJob } from './drive-job.ts'
import { JobDriver } from './job-driver.ts'
import { KeyedLock } from './keyed-lock.ts'
import { openNodeKeys } from './node-keys.ts'
import type { Pool } from './pool.ts'
import { serve } from './rpc/serve.ts'
import { checkOnStart } from './settle/check-on-start.ts'
import { followChain } from './settle/follow-chain.ts'
import { TipFollower } from './settle/tip-follower.ts'
import { TipTasks } from './settle/tip-tasks.ts'
import { Floods } from './work/floods.ts'
import { followWork } from './work/follow-work.ts'
import { ProgressLog } from './work/progress-log.ts'
import { QueueOnce } from './work/queue-once.ts'
import { resumeWork } from './work/resume-work.ts'
import { Speed } from './work/speed.ts'
import { WorkerTable } from './work/worker-table.ts'

/** Opens everything the service needs, in the order in which it leans on each other. */
export async function start(ctx: ServiceContext<Config>): Promise<void> {
  const { config, log, signal, stack } = ctx
  const named = networkParams(config.NETWORK)
  const params = config.CONTEST_WINDOW_S === undefined ? named : withContestWindow(named, config.CONTEST_WINDOW_S)
  const keys = await openNodeKeys(config.NODE_KEYSTORE, config.NODE_PASSWORD)
  const registry = loadRegistry(config.MODELS_DIR)
  const clock = systemClock(config.CLOCK_OFFSET_MS)
  const nowMs = () => clock.nowMs()

  const migrations = new URL('../migrations/', import.meta.url)
  const store = stack.use(
    await openStore({
      url: config.DATABASE_URL,
      schema: 'job_pool',
      migrations,
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
      name: ctx.name,
      log,
      signal,
    }),
  )
  const chain = rpcClient(ChainService, config.CHAIN_URL)
  stack.defer(() => chain.close())
  const gateway = rpcClient(GatewayService, config.GATEWAY_URL)
  stack.defer(() => gateway.close())

  const outbox = runOutbox({ sql: store.sql, bus, log, signal })
  stack.defer(() => outbox.done)
  const driver = new JobDriver({
    drive: (hex) => driveJob(pool, hex),
    nowMs,
    onError: (job, err) => signal.aborted || log.warn({ err, job }, 'a step of a job is tried again'),
  })
  const pool: Pool = {
    config,
    params,
    clock,
    log,
    signal,
    sql: store.sql,
    bus,
    chain,
    gateway,
    keys,
    registry,
    tip: new TipFollower({ chain, signal, log, onTip: () => tasks.wake() }),
    workers: new WorkerTable(nowMs),
    speed: new Speed(),
    progress: new ProgressLog(),
    floods: new Floods(gateway, log),
    queues: new QueueOnce(),
    checks: new CheckDesk(),
    locks: new KeyedLock(),
    driver,
    changes: new ChangeFeed(),
    outbox,
    bondStatus: { waitingFor: [], funds: 0n },
    leaseMs: config.LEASE_MS ?? (params.contestWindow * 1000) / 4,
  }
  const tasks = new TipTasks(pool)
  stack.defer(() => tasks.idle())
  stack.defer(() => driver.stop())

  ctx.health.add('postgres', () => store.ping())
  ctx.health.add('nats', () => bus.ping())
  ctx.health.add('chain', () => chain.getTip({}, { timeoutMs: 1_500 }).then(() => undefined))
  await retry(() => checkOnStart(pool), { signal, log, what: `the chain at ${config.CHAIN_URL}` })
  const loops = [pool.tip.run(), followChain(pool), followWork(pool)]
  stack.defer(() => Promise.allSettled(loops).then(() => undefined))
  await resumeWork(pool)
  stack.use(await serve(pool))
}
