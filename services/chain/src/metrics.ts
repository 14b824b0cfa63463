import { ecdsaBackend } from '@camelid/crypto'
import type { ServiceContext } from '@camelid/runtime'
import { Gauge } from 'prom-client'
import type { ChainState } from './chain/chain-state.ts'
import type { ChainConfig } from './config.ts'
import { minimumFeeRate } from './mempool/make-room.ts'

/** What the state holds, read when it is asked for. */
export function addMetrics(metrics: ServiceContext<ChainConfig>['metrics'], state: ChainState): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [metrics],
      collect() {
        this.set(read())
      },
    })
  gauge('chain_height', 'Height of the tip', () => state.tip.node.height)
  gauge('chain_header_height', 'Height of the header with the most work', () => state.path.best.height)
  gauge('chain_tip_time_seconds', 'Time in the header of the tip, Unix seconds', () => state.tip.node.header.time)
  gauge('chain_mempool_transactions', 'Transactions in the mempool', () => state.mempool.size)
  gauge('chain_mempool_bytes', 'Memory of the mempool, roughly', () => state.mempool.bytes)
  gauge('chain_mempool_minimum_fee_rate', 'Base units a byte to get in now', () => minimumFeeRate(state))
  gauge('chain_orphan_transactions', 'Transactions that wait for their parents', () => state.orphanTransactions.size)
  gauge('chain_script_threads', 'Threads that check scripts beside the main one', () => state.scripts.threads.running)
  gauge('chain_script_cache_hits', 'Transactions whose scripts had held before', () => state.scripts.cache.hits)
  gauge('chain_script_cache_misses', 'Transactions whose scripts had to be run', () => state.scripts.cache.misses)
  new Gauge({
    name: 'chain_signatures_info',
    help: 'The library that checks signatures',
    labelNames: ['library'],
    registers: [metrics],
  }).set({ library: ecdsaBackend }, 1)
  gauge('chain_utxo_cache_bytes', 'Memory of the unspent outputs held, roughly', () => state.coins.bytes)
  gauge('chain_utxo_cache_dirty_bytes', 'Part of it that the database does not have yet', () => state.coins.dirtyBytes)
  gauge('chain_utxo_cache_hits', 'Outputs found in memory since the start', () => state.coins.hits)
  gauge('chain_utxo_cache_misses', 'Outputs looked for in the database since the start', () => state.coins.misses)
  gauge(
    'chain_utxo_flush_height',
    'Height up to which the database has the unspent outputs',
    () => state.coins.flushed.height,
  )
  gauge('chain_orphan_blocks', 'Blocks that wait for their parent', () => state.orphans.size)
  gauge('chain_writer_waiting', 'Blocks and transactions that wait to be judged', () => state.writer.waiting)
}
