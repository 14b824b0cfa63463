import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import { type Frame, readMessage } from '@camelid/p2p'

/**
 * The payload of a frame as the message of its type.
 * @throws P2pError BAD_PAYLOAD where it is none
 */
export function readPayload<S extends DescMessage>(schema: S, frame: Pick<Frame, 'type' | 'payload'>): MessageShape<S> {
  return readMessage(schema, frame.payload)
}
