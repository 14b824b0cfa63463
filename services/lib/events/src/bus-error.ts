import { CodedError } from '@camelid/errors'

export type BusErrorCode =
  /** The server did not confirm in time: the message may or may not be stored; publish again with the same id. */
  | 'BUS_UNAVAILABLE'
  /** The queue holds as much as it may: try later. */
  | 'BUS_FULL'
  | 'MESSAGE_TOO_LARGE'
  | 'BAD_SUBJECT'

export class BusError extends CodedError<BusErrorCode> {}
