import type { KnownType } from './message-type.ts'

/** A message to send; messageId is that of the flood, or random, unless given. */
export interface OutgoingMessage {
  readonly type: KnownType
  readonly payload: Uint8Array
  readonly flood?: boolean
  readonly ttl?: number
  readonly messageId?: Uint8Array
  /** h2 of the node it is meant for; left out: whoever gets it. */
  readonly receiver?: Uint8Array
  /** h2 of the node that made it, where this one only passes it on. */
  readonly sender?: Uint8Array
}

/** Figures of a connection. */
export interface ConnectionStats {
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Unix milliseconds. */
  readonly connectedMs: number
}
