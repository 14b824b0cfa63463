import { fromBinary } from '@bufbuild/protobuf'
import { BlockConnectedSchema, BlockDisconnectedSchema, TxDroppedSchema } from '@camelid/proto/events/v1/events_pb'
import type { Pool } from '../pool.ts'
import { blockConnected } from './block-connected.ts'
import { blockDisconnected } from './block-disconnected.ts'
import { transactionDropped } from './transaction-dropped.ts'

/** The chain's events, in their order, each until it is taken in. */
export async function followChain(pool: Pool): Promise<void> {
  await pool.bus.consume(
    {
      stream: 'CHAIN',
      durable: 'job_pool',
      filter: ['chain.block.connected', 'chain.block.disconnected', 'chain.tx.dropped'],
      signal: pool.signal,
    },
    async ({ subject, data }) => {
      if (subject === 'chain.block.connected') await blockConnected(pool, fromBinary(BlockConnectedSchema, data))
      else if (subject === 'chain.block.disconnected')
        await blockDisconnected(pool, fromBinary(BlockDisconnectedSchema, data))
      else await transactionDropped(pool, fromBinary(TxDroppedSchema, data))
    },
  )
}
