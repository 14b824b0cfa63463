import { CodedError } from '@camelid/errors'

export type LaunchErrorCode =
  | 'PORTS_TAKEN'
  | 'NATS_MISSING'
  | 'NATS_FAILED'
  | 'POSTGRES_MISSING'
  | 'POSTGRES_FAILED'
  | 'ALREADY_RUNNING'
  | 'OLD_NODE'
  | 'SERVER_FAILED'
  | 'SERVICE_FAILED'
  | 'STATE_DIRECTORY'
  | 'BAD_PORT'
  | 'BAD_NODES'
  | 'NOT_READY'
  | 'UNKNOWN_CHEAT'

/** Why the testnet could not start: the message is one line that a person can act on. */
export class LaunchError extends CodedError<LaunchErrorCode> {}
