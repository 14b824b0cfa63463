import { concatBytes, utf8 } from './bytes.ts'
import { sha256d } from './hash.ts'

const SEPARATOR = Uint8Array.of(0)

/** SHA-256d(tag ‖ 0x00 ‖ fields), the tag in ASCII: what every signed statement and jobId is (protocol: Conventions). */
export function statementHash(tag: string, ...fields: readonly Uint8Array[]): Uint8Array {
  return sha256d(concatBytes(utf8(tag), SEPARATOR, ...fields))
}
