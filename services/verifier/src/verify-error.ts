import { CodedError } from '@camelid/errors'

/**
 * - BAD_REQUEST: bytes that are no request to verify.
 * - BAD_JOB: a job that cannot be read.
 * - WRONG_MODEL: a job for another model than its queue.
 * - DEADLINE_PASSED: nobody waits for the verdict any more.
 */
export type VerifyErrorCode = 'BAD_REQUEST' | 'BAD_JOB' | 'WRONG_MODEL' | 'DEADLINE_PASSED'

export class VerifyError extends CodedError<VerifyErrorCode> {}
