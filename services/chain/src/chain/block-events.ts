import { create, toBinary } from '@bufbuild/protobuf'
import { encodeHeader } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { OutboxEvent } from '@camelid/events'
import { BlockConnectedSchema, BlockDisconnectedSchema } from '@camelid/proto/events/v1/events_pb'
import type { IndexedHeader } from '../store/headers.ts'

/** As many as a message of NATS takes beside the rest; a full block of the smallest transactions has four times as many. */
const MAX_TXIDS = 10_000

/** The version makes the id of every connect unique, since a block may be connected again after a reorganisation. */
export function connectedEvent(node: IndexedHeader, txids: readonly Uint8Array[], version: bigint): OutboxEvent {
  const event = create(BlockConnectedSchema, {
    hash: node.hash,
    height: node.height,
    header: encodeHeader(node.header),
    txids: txids.slice(0, MAX_TXIDS),
  })
  return {
    eventId: `connected:${bytesToHex(node.hash)}:${version}`,
    subject: 'chain.block.connected',
    payload: toBinary(BlockConnectedSchema, event),
  }
}

export function disconnectedEvent(node: Pick<IndexedHeader, 'hash' | 'height'>, version: bigint): OutboxEvent {
  const event = create(BlockDisconnectedSchema, { hash: node.hash, height: node.height })
  return {
    eventId: `disconnected:${bytesToHex(node.hash)}:${version}`,
    subject: 'chain.block.disconnected',
    payload: toBinary(BlockDisconnectedSchema, event),
  }
}
