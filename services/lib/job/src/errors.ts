import { CodedError, type ErrorData } from '@camelid/errors'

/** Why a job, one of its transactions or one of its statements is refused. */
export type JobErrorCode =
  // The job itself (protocol §5, §6).
  | 'WRONG_NETWORK'
  | 'EMPTY_INPUT'
  | 'BAD_MAX_TOKENS'
  | 'BAD_REWARD'
  | 'BAD_CLIENT_KEY'
  | 'BAD_PREFERRED_NODE'
  | 'TIMESTAMP_OFF'
  | 'TIMELOCK_TOO_EARLY'
  | 'TIMELOCK_TOO_LATE'
  // F, P and S.
  | 'BAD_FUNDING'
  | 'FEE_TOO_LOW'
  | 'INSUFFICIENT_FUNDS'
  | 'BAD_PAYMENT'
  | 'BAD_TESTAMENT'
  // Statements.
  | 'WRONG_JOB'
  | 'BAD_SIGNATURE'
  | 'BAD_TOKEN_COUNT'
  | 'BAD_OUTPUT'
  | 'BOND_MISMATCH'
  | 'BOND_UNKNOWN'
  | 'BOND_SPENT'
  | 'BOND_TOO_SMALL'
  | 'BOND_TOO_YOUNG'
  | 'BOND_UNLOCKS_EARLY'
  | 'HEIGHT_PASSED'
  | 'HEIGHT_AHEAD'
  | 'DEADLINE_PASSED'

/** `score` is what a peer is charged for sending it: 0 where an honest sender can be wrong (clocks, tips). */
export class JobError extends CodedError<JobErrorCode> {}

/** Scores by how surely the sender must have known better. */
const BLAMELESS: ReadonlySet<JobErrorCode> = new Set<JobErrorCode>([
  'TIMESTAMP_OFF',
  'TIMELOCK_TOO_EARLY',
  'TIMELOCK_TOO_LATE',
  'INSUFFICIENT_FUNDS',
  'BOND_UNKNOWN',
  'BOND_SPENT',
  'BOND_TOO_YOUNG',
  'HEIGHT_PASSED',
  'HEIGHT_AHEAD',
  'DEADLINE_PASSED',
])

/** Builds the error with the score that belongs to its code. */
export function jobError(code: JobErrorCode, message: string, data: ErrorData = {}): JobError {
  const score = code === 'BAD_SIGNATURE' ? 50 : BLAMELESS.has(code) ? 0 : 20
  return new JobError(code, message, { data, score })
}
