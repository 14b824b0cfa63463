import { CodedError } from '@camelid/errors'

/** What can go wrong for the person or program that uses the client; each message names the problem and the fix. */
export type ClientErrorCode =
  | 'BAD_REQUEST'
  | 'EMPTY_PROMPT'
  | 'PROMPT_TOO_LONG'
  | 'UNKNOWN_MODEL'
  | 'MODEL_NOT_READY'
  | 'BAD_TEMPERATURE'
  | 'BAD_MAX_TOKENS'
  | 'BAD_SAMPLING'
  | 'BAD_AMOUNT'
  | 'BAD_ADDRESS'
  | 'ADDRESS_GAP'
  | 'INSUFFICIENT_FUNDS'
  | 'TOO_MANY_JOBS'
  | 'NO_PEERS'
  | 'NOT_SYNCED'
  | 'JOB_NOT_FOUND'
  | 'JOB_REFUSED'
  | 'JOB_FAILED'
  | 'NOT_DELIVERED'
  | 'JOB_TIMEOUT'
  | 'TRANSACTION_REFUSED'
  | 'DATA_DIR_IN_USE'
  | 'BAD_DATA_DIR'
  | 'NEWER_SCHEMA'
  | 'BAD_PASSWORD_FILE'
  | 'STOPPING'
  | 'TOO_MANY_STREAMS'

/** HTTP status of each error that can reach a caller; everything else is 500. */
const httpStatus: Partial<Record<ClientErrorCode, number>> = {
  BAD_REQUEST: 400,
  EMPTY_PROMPT: 400,
  PROMPT_TOO_LONG: 400,
  UNKNOWN_MODEL: 404,
  MODEL_NOT_READY: 503,
  BAD_TEMPERATURE: 400,
  BAD_MAX_TOKENS: 400,
  BAD_SAMPLING: 400,
  BAD_AMOUNT: 400,
  BAD_ADDRESS: 400,
  ADDRESS_GAP: 409,
  INSUFFICIENT_FUNDS: 402,
  TOO_MANY_JOBS: 429,
  NO_PEERS: 503,
  NOT_SYNCED: 503,
  JOB_NOT_FOUND: 404,
  JOB_REFUSED: 422,
  JOB_FAILED: 502,
  NOT_DELIVERED: 409,
  JOB_TIMEOUT: 504,
  TRANSACTION_REFUSED: 422,
  STOPPING: 503,
  TOO_MANY_STREAMS: 429,
}

/** An error of the client service. `data` carries the figures that the message names. */
export class ClientError extends CodedError<ClientErrorCode> {
  /** The HTTP status that tells of it. */
  get status(): number {
    return httpStatus[this.code] ?? 500
  }
}
