import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { P2pError } from './errors.ts'

/** Fields of a message of any size, and how many bytes of payload allow one more: the shortest honest lists have some ten bytes a field. */
const FREE_FIELDS = 256
const BYTES_A_FIELD = 8

/**
 * A payload as the message of its type. Two bytes can make an object of two hundred: so fields that this version does not know are
 * passed over, and the others are counted before any object is made of them.
 * @throws P2pError BAD_PAYLOAD
 */
export function readMessage<Schema extends DescMessage>(schema: Schema, payload: Uint8Array): MessageShape<Schema> {
  try {
    const allowed = FREE_FIELDS + payload.length / BYTES_A_FIELD
    if (countFields(schema, new BinaryReader(payload), payload.length, allowed) > allowed)
      throw new RangeError(`more than ${allowed} fields in ${payload.length} bytes`)
    return fromBinary(schema, payload, { readUnknownFields: false })
  } catch (cause) {
    throw new P2pError('BAD_PAYLOAD', `the payload is no ${schema.name}`, { cause, score: 50 })
  }
}

/** Known fields up to `end`, those of messages inside included; stops counting above `most`. */
function countFields(schema: DescMessage, reader: BinaryReader, end: number, most: number): number {
  let fields = 0
  while (reader.pos < end && fields <= most) {
    const [number, wireType] = reader.tag()
    const field = schema.fields.find((one) => one.number === number)
    if (field !== undefined) fields += 1
    if (field?.message !== undefined && wireType === WireType.LengthDelimited) {
      const length = reader.uint32()
      const inside = Math.min(end, reader.pos + length)
      fields += countFields(field.message, reader, inside, most - fields)
      reader.pos = Math.max(reader.pos, inside)
    } else {
      reader.skip(wireType, number)
    }
  }
  return fields
}
