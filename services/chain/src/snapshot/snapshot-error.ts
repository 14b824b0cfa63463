import { CodedError } from '@camelid/errors'

export type SnapshotErrorCode =
  /** The file does not begin as a snapshot does. */
  | 'NOT_A_SNAPSHOT'
  /** It is of a format that this release does not know. */
  | 'SNAPSHOT_VERSION'
  /** It is of another network or another genesis block. */
  | 'SNAPSHOT_NETWORK'
  /** Its hash is not the one that was asked for. */
  | 'SNAPSHOT_HASH'
  /** It ends early, has a length or a value that cannot be, or does not have the hash it says it has. */
  | 'SNAPSHOT_DAMAGED'
  /** There is no block but genesis to export. */
  | 'NOTHING_TO_EXPORT'
  /** The database holds a chain already. */
  | 'DATABASE_NOT_EMPTY'
  /** Its sender fell silent. */
  | 'SNAPSHOT_STALLED'

/** Why a snapshot was refused, or not made; nothing of it is kept then. */
export class SnapshotError extends CodedError<SnapshotErrorCode> {}

export const damaged = (what: string, cause?: unknown): SnapshotError =>
  new SnapshotError('SNAPSHOT_DAMAGED', `the snapshot is damaged: ${what}; fetch or export it again`, { cause })
