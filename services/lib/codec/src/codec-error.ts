import { CodedError } from '@camelid/errors'

export type CodecErrorCode =
  | 'TRUNCATED'
  | 'TRAILING_BYTES'
  | 'NON_CANONICAL_SIZE'
  | 'TOO_LONG'
  | 'VALUE_OVERFLOW'
  | 'OUT_OF_RANGE'
  | 'BAD_LENGTH'
  | 'BAD_UTF8'
  | 'BAD_VERSION'
  | 'BAD_KIND'
  | 'BAD_KEY'
  | 'DUPLICATE_INPUT'
  | 'BAD_BASE58'
  | 'BAD_ADDRESS'
  | 'BAD_HEX'

export class CodecError extends CodedError<CodecErrorCode> {}

/** What a peer is charged for bytes that no honest program of this protocol would send. */
export const MALFORMED_SCORE = 20
