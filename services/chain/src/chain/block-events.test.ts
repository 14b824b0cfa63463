import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { genesisNode, networkParams } from '@camelid/consensus'
import { BlockConnectedSchema } from '@camelid/proto/events/v1/events_pb'
import { connectedEvent } from './block-events.ts'

const params = networkParams('local')
const node = { ...genesisNode(params), medianTime: 0, hasBlock: true, linked: true, invalid: false }
const txids = (count: number) => Array.from({ length: count }, () => new Uint8Array(32).fill(7))
/** No larger message leaves by NATS: an event that could not leave would hold up all that come after it. */
const MAX_EVENT_BYTES = 512 * 1024

test('the event of a block leaves, however many transactions fit into one', () => {
  // A transaction of one input without a word and one output without a script has 92 bytes.
  const { payload } = connectedEvent(node, txids(Math.floor(params.maxBlockBytes / 92)), 1n)
  assert.ok(payload.length < MAX_EVENT_BYTES, `${payload.length} bytes`)
  assert.equal(fromBinary(BlockConnectedSchema, connectedEvent(node, txids(3), 1n).payload).txids.length, 3)
})
