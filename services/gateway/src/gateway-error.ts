import { CodedError } from '@camelid/errors'

export type GatewayErrorCode =
  | 'KEYSTORE_UNREADABLE'
  | 'KEYSTORE_INCOMPLETE'
  | 'BAD_RECEIVER'
  | 'BAD_TYPE'
  | 'BAD_REQUEST'
  | 'TOO_LONG'
  | 'UNAVAILABLE'

/** A failure that the gateway itself names, to its operator, its callers or its peers. */
export class GatewayError extends CodedError<GatewayErrorCode> {}
