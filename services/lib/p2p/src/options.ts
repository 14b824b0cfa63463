import type { NetworkParams } from '@camelid/consensus'
import { hash160, publicKeyOf } from '@camelid/crypto'
import type { KnownType } from './message-type.ts'

/** The node key that a party proves in the handshake, and its address h2. */
export interface Identity {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly h2: Uint8Array
}

/** The identity of a secp256k1 private key (32 bytes). */
export function identityOf(privateKey: Uint8Array): Identity {
  const publicKey = publicKeyOf(privateKey)
  return { privateKey, publicKey, h2: hash160(publicKey) }
}

/** As much of a pino logger as this package uses. */
export interface PeerLog {
  debug(data: object, message: string): void
  info(data: object, message: string): void
  warn(data: object, message: string): void
}

/** Where a peer's socket ends: the address as the operating system sees it. */
export interface Remote {
  readonly host: string
  readonly port: number
}

/** What a peer said of itself in the handshake, checked. */
export interface PeerHello {
  readonly nodeKey: Uint8Array
  readonly services: bigint
  /** 0: not listening. */
  readonly listenPort: number
  readonly height: number
  /** Total work as a 256-bit big-endian number; a claim only. */
  readonly work: Uint8Array
  readonly agent: string
  /** IP address at which the peer sees us: where it dialled us, or where we came from; a claim only. */
  readonly seenHost: string | undefined
}

/** Why a peer is not wanted, in words for its operator. */
export interface Refusal {
  readonly code: string
  readonly detail: string
}

/** Bounds of one connection. Times in milliseconds, sizes in bytes. */
export interface ConnectionLimits {
  /** For TCP, TLS and hello together. */
  readonly handshakeMs: number
  readonly pingMs: number
  /** A ping unanswered for so long ends the connection. */
  readonly pongMs: number
  /** A frame begun and not completed for so long ends the connection. */
  readonly frameMs: number
  /** A full send queue from which nothing leaves for so long ends the connection. */
  readonly stallMs: number
  readonly sendQueueBytes: number
  readonly sendQueueFrames: number
  /** Frames read and not yet taken by the owner; when full, reading stops. */
  readonly inboxFrames: number
  readonly inboxBytes: number
  /** Rate limit of what a peer may send; beyond it reading pauses. */
  readonly bytesPerSecond: number
  readonly framesPerSecond: number
  /** Questions in flight to one peer. */
  readonly requests: number
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  handshakeMs: 10_000,
  pingMs: 30_000,
  pongMs: 20_000,
  frameMs: 120_000,
  stallMs: 30_000,
  sendQueueBytes: 8 * 1024 * 1024,
  sendQueueFrames: 4_096,
  inboxFrames: 128,
  inboxBytes: 4 * 1024 * 1024,
  bytesPerSecond: 16 * 1024 * 1024,
  framesPerSecond: 1_000,
  requests: 256,
}

/** What listening and dialling share: who we are and how we behave. */
export interface PeerOptions {
  readonly identity: Identity
  readonly params: Pick<NetworkParams, 'name' | 'magic'>
  /** Bits of `Services`. */
  readonly services: bigint
  /** Program and version, for the peer's operator; at most 64 bytes. */
  readonly agent: string
  /** Port on which this party listens; 0 or left out: it does not. */
  readonly listenPort?: number
  /** Height and total work (256-bit big-endian) to put into Hello. */
  readonly getStatus: () => { height: number; work: Uint8Array }
  readonly log: PeerLog
  readonly limits?: Partial<ConnectionLimits>
  /** Asked once the peer proved its key; a refusal is told to the peer and ends the connection. */
  readonly admit?: (hello: PeerHello, remote: Remote) => Refusal | undefined
  /** Called for every frame, with all its bytes, for metrics. */
  readonly onTraffic?: (direction: 'in' | 'out', type: KnownType, bytes: number) => void
}
