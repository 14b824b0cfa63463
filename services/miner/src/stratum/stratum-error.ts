import { CodedError } from '@camelid/errors'

/** What a miner did wrong, by name; `number` is what Stratum v1 says of it on the wire. */
export type StratumErrorCode =
  | 'BAD_REQUEST'
  | 'UNKNOWN_METHOD'
  | 'BAD_ADDRESS'
  | 'TIME_OUT_OF_RANGE'
  | 'JOB_NOT_FOUND'
  | 'DUPLICATE_SHARE'
  | 'LOW_DIFFICULTY'
  | 'UNAUTHORIZED'
  | 'NOT_SUBSCRIBED'

const numbers: Record<StratumErrorCode, number> = {
  BAD_REQUEST: 20,
  UNKNOWN_METHOD: 20,
  BAD_ADDRESS: 24,
  TIME_OUT_OF_RANGE: 20,
  JOB_NOT_FOUND: 21,
  DUPLICATE_SHARE: 22,
  LOW_DIFFICULTY: 23,
  UNAUTHORIZED: 24,
  NOT_SUBSCRIBED: 25,
}

/** A request that is refused; the connection goes on. */
export class StratumError extends CodedError<StratumErrorCode> {
  /** 20 other, 21 job not found, 22 duplicate, 23 low difficulty, 24 unauthorized, 25 not subscribed. */
  get number(): number {
    return numbers[this.code]
  }
}
