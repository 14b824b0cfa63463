import { CodedError } from '@camelid/errors'

export type StoreErrorCode =
  /** The database was written by a newer release. */
  | 'NEWER_SCHEMA'
  /** A migration that ran already differs from the file of its number. */
  | 'MIGRATION_CHANGED'
  /** The migrations folder has a gap, a double number or a name that is not NNNN_name.sql. */
  | 'BAD_MIGRATIONS'
  | 'BAD_SCHEMA_NAME'

export class StoreError extends CodedError<StoreErrorCode> {}
