import { CodedError, type ErrorData } from '@camelid/errors'

/** Every way in which a header, block or transaction breaks the rules, with the misbehaviour (0 to 100) its sender is charged. */
const SCORES = {
  BAD_NETWORK: 0,
  BAD_BITS: 100,
  BAD_POW: 100,
  BAD_DIFFICULTY: 100,
  BAD_PREVIOUS_HASH: 10,
  TIME_TOO_OLD: 100,
  /** Blameless: our clock may be the wrong one, and the block may be good in a minute. */
  TIME_TOO_NEW: 0,
  /** For this and the next: the header may be good with its own transactions; never mark its hash as invalid. */
  BAD_MERKLE_ROOT: 100,
  MUTATED_MERKLE_TREE: 100,
  BLOCK_TOO_BIG: 100,
  NO_COINBASE: 100,
  EXTRA_COINBASE: 100,
  BAD_COINBASE_HEIGHT: 100,
  COINBASE_PAYS_TOO_MUCH: 100,
  TOO_MANY_SIGOPS: 100,
  DOUBLE_SPEND: 100,
  NO_INPUTS: 100,
  NO_OUTPUTS: 100,
  TRANSACTION_TOO_BIG: 100,
  VALUE_TOO_BIG: 100,
  DUPLICATE_INPUT: 100,
  NULL_INPUT: 100,
  BAD_COINBASE: 100,
  /** For this and the next: blameless, since who sent it may stand on another tip. */
  DUPLICATE_SETTLEMENT: 0,
  MISSING_INPUT: 0,
  IMMATURE_COINBASE: 0,
  NOT_FINAL: 0,
  SEQUENCE_LOCKED: 0,
  INSUFFICIENT_INPUT: 100,
  NOT_STANDARD: 0,
} as const

export type ConsensusErrorCode = keyof typeof SCORES

/** A broken rule. Inside a block every code is fatal to the block; the score is what it says about whoever sent it. */
export class ConsensusError extends CodedError<ConsensusErrorCode> {
  constructor(code: ConsensusErrorCode, message: string, data?: ErrorData) {
    super(code, message, { score: SCORES[code], ...(data === undefined ? {} : { data }) })
  }
}
