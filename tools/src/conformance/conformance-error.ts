import { CodedError } from '@camelid/errors'

export type ConformanceErrorCode =
  | 'UNKNOWN_KIND'
  | 'NO_FILE_NAMED'
  | 'UNKNOWN_OPTION'
  | 'UNKNOWN_BACKEND'
  | 'BACKEND_NOT_WANTED'
  | 'BACKEND_MISSING'
  | 'UNREADABLE'
  | 'TOO_LARGE'

export class ConformanceError extends CodedError<ConformanceErrorCode> {}
