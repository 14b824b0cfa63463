import { decodeAcceptance, decodeCommitment, decodeProgress } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { readMessage } from '@camelid/p2p'
import {
  AcceptanceSchema,
  CommitmentSchema,
  DeliverySchema,
  MessageType,
  ProgressSchema,
} from '@camelid/proto/p2p/v1/messages_pb'

type StatementKind = 'acceptance' | 'progress' | 'commitment' | 'delivery'

/** A statement about a job, with whose job it is about; its own bytes are judged by whoever takes it. */
export interface ReadStatement {
  readonly kind: StatementKind
  readonly jobId: string
  readonly bytes: Uint8Array
}

/**
 * Reads what a client cares about; undefined for messages of other kinds. The bytes are copied out of the frame.
 * Errors: P2pError, CodecError.
 */
export function readStatement(type: number, payload: Uint8Array): ReadStatement | undefined {
  switch (type) {
    case MessageType.ACCEPTANCE: {
      const bytes = Uint8Array.from(readMessage(AcceptanceSchema, payload).statement)
      return { kind: 'acceptance', jobId: bytesToHex(decodeAcceptance(bytes).statement.jobId), bytes }
    }
    case MessageType.PROGRESS: {
      const bytes = Uint8Array.from(readMessage(ProgressSchema, payload).statement)
      return { kind: 'progress', jobId: bytesToHex(decodeProgress(bytes).statement.jobId), bytes }
    }
    case MessageType.COMMITMENT: {
      const bytes = Uint8Array.from(readMessage(CommitmentSchema, payload).statement)
      return { kind: 'commitment', jobId: bytesToHex(decodeCommitment(bytes).statement.jobId), bytes }
    }
    case MessageType.DELIVERY: {
      const { jobId, statement } = readMessage(DeliverySchema, payload)
      return { kind: 'delivery', jobId: bytesToHex(jobId), bytes: Uint8Array.from(statement) }
    }
    default:
      return undefined
  }
}
