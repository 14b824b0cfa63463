import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import { type Frame, P2pError, typeName } from '@camelid/p2p'

/**
 * The payload of a frame as the message of its type.
 * @throws P2pError BAD_PAYLOAD where it is none
 */
export function readPayload<S extends DescMessage>(schema: S, frame: Pick<Frame, 'type' | 'payload'>): MessageShape<S> {
  try {
    return fromBinary(schema, frame.payload)
  } catch (cause) {
    throw new P2pError('BAD_PAYLOAD', `the payload is no ${typeName(frame.type)}`, { cause, score: 50 })
  }
}
