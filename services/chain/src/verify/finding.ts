import { CodedError } from '@camelid/errors'

/** What `verify` may find wrong with a database. All but the last are mended by a reindex. */
export type FindingCode =
  | 'HEADER_MISSING'
  | 'HEADER_DAMAGED'
  /** A header does not build on the one before it, or breaks a rule. */
  | 'BROKEN_CHAIN'
  | 'WRONG_WORK'
  /** The tip is not the end of the best chain. */
  | 'WRONG_TIP'
  | 'BLOCK_MISSING'
  | 'BLOCK_DAMAGED'
  | 'UNDO_MISSING'
  /** An undo record does not fit its block. */
  | 'UNDO_MISMATCH'
  /** A spent output is in the set of unspent ones. */
  | 'SPENT_COIN'
  | 'INDEX_MISMATCH'
  | 'SETTLEMENT_MISMATCH'
  | 'BOND_MISMATCH'
  /** There are more coins, or others, than the blocks made and did not spend. */
  | 'WRONG_SUPPLY'
  | 'COIN_DAMAGED'

/** A fault of the database, with where it is. */
export class Finding extends CodedError<FindingCode> {}
