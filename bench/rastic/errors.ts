import { CodedError } from '@camelid/errors'

/**
 * - BAD_OPTION: a command line that cannot be run.
 * - NO_PROFILE: the sold model has no noise profile for this engine and backend.
 * - PROFILE_TOO_WIDE: by its noise profile an honest node is too like a cheat.
 * - BAD_CHEAT: a model given for a cheat that no cheat could sell in place of the other.
 */
export type BenchErrorCode = 'BAD_OPTION' | 'NO_PROFILE' | 'PROFILE_TOO_WIDE' | 'BAD_CHEAT'

export class BenchError extends CodedError<BenchErrorCode> {}
