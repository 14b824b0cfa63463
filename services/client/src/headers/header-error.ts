import { CodedError } from '@camelid/errors'

/** UNKNOWN_PARENT blames nobody: an announcement can overtake what lies before it. */
export type HeaderErrorCode = 'UNKNOWN_PARENT' | 'WRONG_GENESIS'

export class HeaderError extends CodedError<HeaderErrorCode> {}
