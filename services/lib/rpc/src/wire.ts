import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type Message,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf'
import type { MethodDefinition } from '@grpc/grpc-js'

/** What crosses the adapter: typed for callers by method-types.ts, plain messages inside. */
export type AnyInit = MessageInitShape<DescMessage>

/** How grpc-js is told to call one protobuf-es method. */
export function methodDefinition(method: DescMethod): MethodDefinition<AnyInit, Message> {
  const kind = method.methodKind
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: kind === 'client_streaming' || kind === 'bidi_streaming',
    responseStream: kind === 'server_streaming' || kind === 'bidi_streaming',
    originalName: method.localName,
    requestSerialize: (value) => encode(method.input, value),
    requestDeserialize: (frame) => decode(method.input, frame),
    responseSerialize: (value) => encode(method.output, value),
    responseDeserialize: (frame) => decode(method.output, frame),
  }
}

function encode(schema: DescMessage, value: AnyInit): Buffer {
  const bytes = toBinary(schema, create(schema, value))
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** `bytes` fields alias what they are parsed from: parse a private copy, a plain Uint8Array, so that they may be kept. */
function decode(schema: DescMessage, frame: Buffer): Message {
  return fromBinary(schema, new Uint8Array(frame))
}
