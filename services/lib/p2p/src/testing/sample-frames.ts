import { create, type DescField, type DescMessage, ScalarType, toBinary } from '@bufbuild/protobuf'
import { file_camelid_p2p_v1_messages, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { encodeFrame, floodId, NO_ADDRESS } from '../frame.ts'
import { type KnownType, knownType, payloadLimit } from '../message-type.ts'

/** The message of each type, found by its name: GET_PEERS is GetPeers. */
const SCHEMAS: ReadonlyMap<number, DescMessage> = new Map(
  Object.entries(MessageType).flatMap(([name, type]) => {
    const plain = name.replaceAll('_', '').toLowerCase()
    const schema = file_camelid_p2p_v1_messages.messages.find((message) => message.name.toLowerCase() === plain)
    return schema === undefined ? [] : [[type, schema]]
  }),
)

/** The message that a payload of a type is. @throws Error where the type has none */
export function schemaOf(type: KnownType): DescMessage {
  const schema = SCHEMAS.get(type)
  if (schema === undefined) throw new Error(`type ${type} has no message of its name`)
  return schema
}

/** A message of every type, with something in every field. */
export function samplePayloads(): { type: KnownType; schema: DescMessage; payload: Uint8Array }[] {
  return Object.values(MessageType).flatMap((number) => {
    const type = knownType(number)
    if (type === undefined) return []
    const schema = schemaOf(type)
    const payload = toBinary(schema, create(schema, filled(schema)))
    if (payload.length > payloadLimit(type)) throw new Error(`the sample of ${schema.name} is over its limit`)
    return [{ type, schema, payload }]
  })
}

/** A frame of every type, sent to one, and flooded. */
export function sampleFrames(magic: Uint8Array): Uint8Array[] {
  return samplePayloads().flatMap(({ type, payload }) => {
    const common = { type, payload, ttl: 3, sender: new Uint8Array(20).fill(1), receiver: NO_ADDRESS }
    return [
      encodeFrame({ ...common, flood: false, messageId: new Uint8Array(16).fill(7) }, magic),
      encodeFrame({ ...common, flood: true, messageId: floodId(type, payload) }, magic),
    ]
  })
}

function filled(schema: DescMessage): Record<string, unknown> {
  return Object.fromEntries(schema.fields.map((field) => [field.localName, sampleOf(field)]))
}

function sampleOf(field: DescField): unknown {
  if (field.fieldKind === 'list') {
    const one = field.listKind === 'message' ? filled(field.message) : scalarOf(field.scalar)
    return [one, one]
  }
  if (field.fieldKind === 'message') return filled(field.message)
  return field.fieldKind === 'scalar' ? scalarOf(field.scalar) : 1
}

function scalarOf(scalar: ScalarType | undefined): unknown {
  if (scalar === ScalarType.BYTES) return new Uint8Array(32).fill(5)
  if (scalar === ScalarType.STRING) return '127.0.0.1'
  if (scalar === ScalarType.BOOL) return true
  return scalar === ScalarType.UINT64 ? 9n : 7
}
