import { type EqualLogsProof, PUBLIC_KEY_BYTES } from '@camelid/crypto'
import { ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'

const SCALAR_BYTES = 32

export const EQUAL_LOGS_EVIDENCE_BYTES = 2 * PUBLIC_KEY_BYTES + 2 * SCALAR_BYTES

/** Evidence kind 2: E 33 ‖ Z 33 ‖ c 32 ‖ s 32 (protocol: Disputes, Equal logarithms). */
export function encodeEqualLogsEvidence(proof: EqualLogsProof): Uint8Array {
  return new ByteWriter()
    .fixed(proof.ephemeralKey, PUBLIC_KEY_BYTES)
    .fixed(proof.sharedPoint, PUBLIC_KEY_BYTES)
    .fixed(proof.challenge, SCALAR_BYTES)
    .fixed(proof.response, SCALAR_BYTES)
    .finish()
}

/** Whether its parts are points and scalars is for verifyEqualLogs to say. @throws CodecError TRUNCATED, TRAILING_BYTES */
export function decodeEqualLogsEvidence(bytes: Uint8Array): EqualLogsProof {
  const reader = new ByteReader(bytes)
  const proof: EqualLogsProof = {
    ephemeralKey: reader.bytes(PUBLIC_KEY_BYTES),
    sharedPoint: reader.bytes(PUBLIC_KEY_BYTES),
    challenge: reader.bytes(SCALAR_BYTES),
    response: reader.bytes(SCALAR_BYTES),
  }
  reader.end()
  return proof
}
