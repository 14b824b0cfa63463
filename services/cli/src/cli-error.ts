import { CodedError } from '@camelid/errors'

/** USAGE ends with exit code 2, everything else with 1. NO_PICTURE: there is nothing to draw, or no place for it. */
export type CliErrorCode =
  | 'USAGE'
  | 'UNREACHABLE'
  | 'REFUSED'
  | 'NOT_FOUND'
  | 'JOB_FAILED'
  | 'NOT_MATURE'
  | 'FILE'
  | 'NO_KEYSTORE'
  | 'INTERRUPTED'
  | 'VERIFY_FAILED'
  | 'BAD_JOB_FILE'
  | 'NO_PICTURE'

/** A failure whose message is all that the person at the terminal needs. */
export class CliError extends CodedError<CliErrorCode> {}

export function usage(message: string): CliError {
  return new CliError('USAGE', message)
}
