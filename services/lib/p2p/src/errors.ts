import { CodedError } from '@camelid/errors'

/**
 * Why a frame, a handshake or a connection failed (protocol §8).
 * The close codes of a connection are a subset: a peer is told the code before the socket ends.
 */
export type P2pErrorCode =
  // The bytes of a frame.
  | 'WRONG_NETWORK'
  | 'OLD_VERSION'
  | 'UNKNOWN_TYPE'
  | 'BAD_FLAGS'
  | 'TOO_LONG'
  | 'BAD_CHECKSUM'
  | 'BAD_MESSAGE_ID'
  | 'BAD_PAYLOAD'
  | 'UNEXPECTED_MESSAGE'
  | 'FORGED_SENDER'
  // The handshake.
  | 'BAD_HELLO'
  | 'BAD_PROOF'
  | 'SELF_CONNECTION'
  | 'HANDSHAKE_TIMEOUT'
  | 'CONNECT_FAILED'
  | 'REFUSED'
  | 'PORT_IN_USE'
  | 'LISTEN_FAILED'
  // The life of a connection.
  | 'CLOSED_BY_PEER'
  | 'CONNECTION_LOST'
  | 'STALLED_FRAME'
  | 'PING_TIMEOUT'
  | 'SLOW_PEER'
  | 'SHUTTING_DOWN'
  | 'NOT_NEEDED'
  | 'ABORTED'
  // Questions.
  | 'REQUEST_TIMEOUT'
  | 'TOO_MANY_REQUESTS'
  | 'NOT_SENT'

/** A failure of the peer protocol; `score` is what the peer is charged. */
export class P2pError extends CodedError<P2pErrorCode> {}
