import { fromBinary } from '@bufbuild/protobuf'
import { connectBus } from '@camelid/events'
import { BlockConnectedSchema, BlockDisconnectedSchema } from '@camelid/proto/events/v1/events_pb'
import type { TestChain } from './harness.ts'

/** The first `count` block events of the stream. */
export async function blockEvents(chain: TestChain, count: number): Promise<string[]> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(20_000)])
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  await using bus = await connectBus({ url: chain.nats.url, network: 'local', node: 'farm', name: 'test', log, signal })
  const events: string[] = []
  await bus.consume(
    { stream: 'CHAIN', durable: 'test', filter: ['chain.block.*'], signal },
    async ({ subject, data }) => {
      const connected = subject === 'chain.block.connected'
      const { height } = connected ? fromBinary(BlockConnectedSchema, data) : fromBinary(BlockDisconnectedSchema, data)
      events.push(`${connected ? 'connected' : 'disconnected'} ${height}`)
      if (events.length === count) over.abort()
    },
  )
  return events
}
