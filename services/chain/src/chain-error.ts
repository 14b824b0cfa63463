import { CodedError, type ErrorData } from '@camelid/errors'

/** What the chain refuses for reasons of its own, with the misbehaviour (0 to 100) its sender is charged. */
const SCORES = {
  /** The database belongs to another network or another genesis block. */
  WRONG_NETWORK: 0,
  /** Another process moved the tip of this database. */
  TIP_MOVED: 0,
  /** A block on the best chain lacks what it must have. */
  CORRUPT_DATABASE: 0,
  BAD_REQUEST: 0,
  BUSY: 0,
  /** The database is away. */
  UNAVAILABLE: 0,
  /** The disk of the database is full. */
  DISK_FULL: 0,
  /** The tables are made again from the raw blocks: nothing is told of them until they are whole. */
  REINDEXING: 0,
  /** A block that was dropped to save disk. */
  PRUNED: 0,
  KEEP_TOO_FEW: 0,
  BLOCK_NOT_FOUND: 0,
  TRANSACTION_NOT_FOUND: 0,
  OUTPUT_NOT_FOUND: 0,
  /** The parent is not known yet; ask for the headers between. */
  UNKNOWN_PARENT: 0,
  /** It builds on a block that broke the rules. */
  INVALID_ANCESTOR: 100,
  /** It broke the rules when it was seen before. */
  KNOWN_INVALID: 100,
  /** Headers of one message that do not follow each other. */
  BROKEN_HEADERS: 100,
  /** Too many headers of a branch with far less work than the tip. */
  WEAK_BRANCH: 20,
  /** A compact block that no honest program makes. */
  BAD_COMPACT_BLOCK: 100,
  /** A compact block that would not become the tip. */
  NO_MORE_WORK: 0,
  /** Positions in a block that do not ascend, or are beyond its end. */
  BAD_POSITIONS: 20,
  /** A branch with little work, far below the tip. */
  TOO_LITTLE_WORK: 0,
  DUPLICATE: 0,
  /** Another transaction of the mempool spends the same output. */
  MEMPOOL_CONFLICT: 0,
  /** The output is reserved for a job. */
  RESERVED: 0,
  /** The job has another reservation already, or none. */
  RESERVATION_CONFLICT: 0,
  RESERVATION_NOT_FOUND: 0,
  /** An input of a reservation is not a confirmed, mature P2PKH output. */
  BAD_RESERVATION: 0,
  FEE_TOO_LOW: 0,
  MEMPOOL_FULL: 0,
  TOO_MANY_ANCESTORS: 0,
  TOO_MANY_DESCENDANTS: 0,
  /** It takes the place of others, but pays too little more than they, or of too many. */
  REPLACEMENT_FEE_TOO_LOW: 0,
  TOO_MANY_REPLACED: 0,
  /** Transactions of jobs come from the node's own job-pool, never from relay. */
  JOB_TRANSACTION: 0,
} as const

export type ChainErrorCode = keyof typeof SCORES

export class ChainError extends CodedError<ChainErrorCode> {
  constructor(code: ChainErrorCode, message: string, data?: ErrorData) {
    super(code, message, { score: SCORES[code], ...(data === undefined ? {} : { data }) })
  }
}
