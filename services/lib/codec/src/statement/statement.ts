import { SIGNATURE_BYTES, statementHash } from '@camelid/crypto'
import { assertAtMost, ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'

/** A statement as it came: whether the signature is its maker's, `verify(signature, hash, key)` of crypto says. */
export interface Signed<Statement> {
  readonly statement: Statement
  /** 64 bytes r ‖ s. */
  readonly signature: Uint8Array
  /** Statement hash of the fields without the signature: what is signed, and what other statements name. */
  readonly hash: Uint8Array
}

export interface StatementCodec<Statement> {
  /** The fields, followed by the signature if there is one. */
  readonly encode: (statement: Statement, signature?: Uint8Array) => Uint8Array
  /** The fields and the signature, which must be there. */
  readonly decode: (bytes: Uint8Array) => Signed<Statement>
  readonly hash: (statement: Statement) => Uint8Array
}

/** Makes the codec of one kind of statement from its fields (protocol: Job, Statements). */
export function defineStatement<Statement>(definition: {
  tag: string
  /** With the signature; longer is refused before it is read. */
  maxBytes: number
  write: (writer: ByteWriter, statement: Statement) => void
  read: (reader: ByteReader) => Statement
}): StatementCodec<Statement> {
  const encodeFields = (statement: Statement): Uint8Array => {
    const writer = new ByteWriter()
    definition.write(writer, statement)
    return writer.finish()
  }
  return {
    encode(statement, signature) {
      const fields = encodeFields(statement)
      if (signature === undefined) return fields
      return new ByteWriter().bytes(fields).fixed(signature, SIGNATURE_BYTES).finish()
    },
    decode(bytes) {
      assertAtMost(bytes, definition.maxBytes, `A statement ${definition.tag}`)
      const reader = new ByteReader(bytes)
      const statement = definition.read(reader)
      const fields = bytes.subarray(0, reader.offset)
      const signature = reader.bytes(SIGNATURE_BYTES)
      reader.end()
      return { statement, signature, hash: statementHash(definition.tag, fields) }
    },
    hash: (statement) => statementHash(definition.tag, encodeFields(statement)),
  }
}
