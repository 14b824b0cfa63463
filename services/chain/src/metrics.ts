import type { ServiceContext } from '@camelid/runtime'
import { Gauge } from 'prom-client'
import type { ChainState } from './chain/chain-state.ts'
import type { ChainConfig } from './config.ts'

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
  gauge('chain_orphan_blocks', 'Blocks that wait for their parent', () => state.orphans.size)
  gauge('chain_writer_waiting', 'Blocks and transactions that wait to be judged', () => state.writer.waiting)
}
