import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import { MALFORMED_SCORE } from '@camelid/codec'
import { CodedError } from '@camelid/errors'

/** Parses a p2p payload. @throws CodedError BAD_PAYLOAD */
export function parsePayload<Schema extends DescMessage>(schema: Schema, payload: Uint8Array): MessageShape<Schema> {
  try {
    return fromBinary(schema, payload)
  } catch (cause) {
    throw new CodedError('BAD_PAYLOAD', `not a ${schema.name}`, { score: MALFORMED_SCORE, cause })
  }
}
