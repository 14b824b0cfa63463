import { ecdsaBackend } from '@camelid/crypto'
import { connectBus, runOutbox } from '@camelid/events'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { serveRpc, serviceImpl } from '@camelid/rpc'
import { type ServiceContext, systemClock } from '@camelid/runtime'
import { openStore, type Sql } from '@camelid/store'
import { activateBest } from './chain/activate-best.ts'
import { backfillHistory } from './chain/backfill-history.ts'
import { BlockCache } from './chain/block-cache.ts'
import type { ChainState } from './chain/chain-state.ts'
import { HeaderIndex } from './chain/header-index.ts'
import { HeaderPath } from './chain/header-path.ts'
import { ensureGenesis, loadBestHeader, loadTip } from './chain/open-chain.ts'
import { OrphanBlocks } from './chain/orphan-blocks.ts'
import { SerialQueue } from './chain/serial-queue.ts'
import { TipBell } from './chain/tip-bell.ts'
import { WeakBranches } from './chain/weak-branches.ts'
import { watchClock } from './clock/watch-clock.ts'
import { CoinCache } from './coins/coin-cache.ts'
import { startFlushing } from './coins/flush-timer.ts'
import { requireFlushed, rollForward } from './coins/roll-forward.ts'
import { Candidates } from './compact/candidates.ts'
import type { ChainConfig } from './config.ts'
import { FeeEstimates } from './mempool/fees/fee-estimates.ts'
import { recallFees, startKeepingFees } from './mempool/fees/keep-fees.ts'
import { loadMempool } from './mempool/load-mempool.ts'
import { Mempool } from './mempool/mempool.ts'
import { OrphanTransactions } from './mempool/orphans/orphan-transactions.ts'
import { addMetrics } from './metrics.ts'
import { rebuildAtStart, reindexAtStart } from './reindex/reindex-at-start.ts'
import { handlers } from './rpc/handlers.ts'
import { openScriptChecker } from './scripts/open-script-checker.ts'
import { countUnlinked } from './store/headers.ts'

/** Blocks and transactions that may wait to be judged; more are refused as BUSY. */
const MAX_WAITING = 1_000
const MEGABYTE = 2 ** 20

/** Opens database and bus, brings the chain up to its best branch, and serves. */
export async function start(ctx: ServiceContext<ChainConfig>): Promise<void> {
  const { config, log, signal, stack } = ctx
  const store = stack.use(
    await openStore({
      url: config.DATABASE_URL,
      schema: 'chain',
      migrations: new URL('../migrations/', import.meta.url),
      log,
      signal,
      max: config.DATABASE_CONNECTIONS,
    }),
  )
  ctx.health.add('postgres', () => store.ping())
  await ensureGenesis(store.sql, config.params)
  await reindexAtStart(store.sql, { config, log, clock: systemClock(config.CLOCK_OFFSET_MS) })
  const bus = stack.use(
    await connectBus({
      url: config.NATS_URL,
      network: config.NETWORK,
      node: config.NODE_NAME,
      name: 'chain',
      log,
      signal,
    }),
  )
  ctx.health.add('nats', () => bus.ping())
  const outbox = runOutbox({ sql: store.sql, bus, log, signal })
  stack.defer(() => outbox.done)
  const state = await openState(ctx, store.sql, () => outbox.wake())
  stack.defer(startFlushing(state))
  stack.defer(startKeepingFees(state))
  stack.defer(() => state.writer.idle())
  const server = stack.use(
    await serveRpc({
      host: config.GRPC_HOST,
      port: config.GRPC_PORT,
      services: [serviceImpl(ChainService, handlers(state, signal))],
      log,
    }),
  )
  addMetrics(ctx.metrics, state)
  watchClock(ctx, state)
  log.info(
    { grpc: server.port, height: state.tip.node.height, network: config.NETWORK, signatures: ecdsaBackend },
    'serving the chain',
  )
  if (ecdsaBackend === 'noble')
    log.warn(
      'signatures are checked in JavaScript, 25 times slower: libsecp256k1 has no build that runs on this machine',
    )
}

async function openState(ctx: ServiceContext<ChainConfig>, sql: Sql, wakeOutbox: () => void): Promise<ChainState> {
  const { config, log } = ctx
  const tip = await loadTip(sql)
  const headers = new HeaderIndex(sql)
  const path = new HeaderPath(headers, tip.node, config.params.minimumChainWork)
  const clock = systemClock(config.CLOCK_OFFSET_MS)
  await path.follow(await loadBestHeader(sql, tip))
  const state: ChainState = {
    params: config.params,
    sql,
    clock,
    log,
    headers,
    path,
    blocks: new BlockCache(),
    orphans: new OrphanBlocks(),
    weak: new WeakBranches(clock),
    candidates: new Candidates(),
    coins: new CoinCache(config.UTXO_CACHE_MB * MEGABYTE, await requireFlushed(sql)),
    mempool: new Mempool(),
    orphanTransactions: new OrphanTransactions(),
    feeEstimates: new FeeEstimates(),
    scripts: openScriptChecker({ threads: config.SCRIPT_THREADS, log, stack: ctx.stack, stopping: ctx.signal }),
    writer: new SerialQueue(MAX_WAITING),
    bell: new TipBell(),
    wakeOutbox,
    tip,
    suspect: false,
    unlinked: await countUnlinked(sql),
  }
  await rollForward(sql, state.coins, tip, ctx.signal)
  await rebuildAtStart(ctx, state)
  await backfillHistory(state, ctx.signal)
  await recallFees(state)
  await loadMempool(state)
  await activateBest(state)
  return state
}
