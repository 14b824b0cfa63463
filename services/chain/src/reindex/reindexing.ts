import { ChainError } from '../chain-error.ts'

/** What callers are told while the tables are not whole. */
export function reindexing(reason = 'all tables are being made again from the raw blocks'): ChainError {
  return new ChainError('REINDEXING', `REINDEXING: ${reason}; nothing is told of the chain until they are whole`)
}
