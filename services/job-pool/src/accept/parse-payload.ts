import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf'
import { MALFORMED_SCORE } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'

/**
 * Parses a p2p payload. One with bytes that say nothing is not taken, or the same statement could be flooded without end
 * under other names, as long as its type allows. @throws CodedError BAD_PAYLOAD, NOT_CANONICAL (blameless)
 */
export function parsePayload<Schema extends DescMessage>(schema: Schema, payload: Uint8Array): MessageShape<Schema> {
  const message = parse(schema, payload)
  if (!equalBytes(toBinary(schema, message, { writeUnknownFields: false }), payload)) {
    throw new CodedError('NOT_CANONICAL', `a ${schema.name} with fields that this version does not know`)
  }
  return message
}

function parse<Schema extends DescMessage>(schema: Schema, payload: Uint8Array): MessageShape<Schema> {
  try {
    // Fields that nobody knows would become an object for every two bytes; they are told by writing the message again.
    return fromBinary(schema, payload, { readUnknownFields: false })
  } catch (cause) {
    throw new CodedError('BAD_PAYLOAD', `not a ${schema.name}`, { score: MALFORMED_SCORE, cause })
  }
}
