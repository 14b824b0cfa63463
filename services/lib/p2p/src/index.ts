export { selfSignedCertificate, type TlsCertificate } from './certificate.ts'
export { PeerConnection } from './connection.ts'
export { dialPeer } from './dial.ts'
export { P2pError, type P2pErrorCode } from './errors.ts'
export { encodeFrame, type Frame, floodId, NO_ADDRESS } from './frame.ts'
export { FrameDecoder } from './frame-decoder.ts'
export { HEADER_BYTES, MAX_TTL, PROTOCOL_VERSION } from './header.ts'
export { hostGroup, ipv6Prefix, plainHost } from './host.ts'
export { type ListenOptions, listenPeers, type PeerListener } from './listen.ts'
export {
  ANSWER_TYPES,
  type KnownType,
  knownType,
  MAX_PAYLOAD,
  payloadLimit,
  STATEMENT_TYPES,
  typeName,
} from './message-type.ts'
export {
  type ConnectionLimits,
  DEFAULT_LIMITS,
  type Identity,
  identityOf,
  type PeerHello,
  type PeerLog,
  type PeerOptions,
  type Refusal,
  type Remote,
} from './options.ts'
export type { ConnectionStats, OutgoingMessage } from './outgoing-message.ts'
export { type Question, questions } from './questions.ts'
export { readMessage } from './read-message.ts'
export { type RequestOptions, request, submit } from './request.ts'
export { offers, Services } from './services.ts'
