import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'

/** The message types of protocol §8 that this version speaks. */
export type KnownType = Exclude<(typeof MessageType)[keyof typeof MessageType], typeof MessageType.UNSPECIFIED>

/** Largest payload of any type, in bytes (protocol §8). */
export const MAX_PAYLOAD = 8 * 1024 * 1024

const KIB = 1024
// A transaction of consensus size (100,000 bytes) with the protobuf around it, and with a merkle branch.
const TRANSACTION = 100_000 + KIB
// A block of 4,000,000 bytes has at most so many transactions, of 92 bytes; short ids of six bytes, and a coinbase spelled out.
const MAX_TRANSACTIONS = 43_500
const COMPACT_BLOCK = MAX_TRANSACTIONS * 6 + TRANSACTION
const PROVEN_TRANSACTION = 100_000 + 8 * KIB

/**
 * Largest payload by type, in bytes: judged from the header alone, before memory is taken.
 * Never below what consensus allows: a block of 4,000,000 bytes, a transaction of 100,000, a job of 256 KiB of input.
 */
const LIMITS: ReadonlyMap<number, { type: KnownType; limit: number }> = new Map(
  (
    [
      [MessageType.HELLO, 512],
      [MessageType.HELLO_PROOF, 128],
      [MessageType.PING, 16],
      [MessageType.PONG, 16],
      [MessageType.GET_PEERS, 16],
      [MessageType.PEERS, 64 * KIB],
      [MessageType.VERDICT, 4 * KIB],
      [MessageType.GET_HEADERS, 8 * KIB],
      [MessageType.HEADERS, 2_000 * 80 + KIB],
      [MessageType.GET_BLOCKS, 4 * KIB],
      [MessageType.BLOCK, 4_000_000 + KIB],
      [MessageType.INVENTORY, 64 * KIB],
      [MessageType.GET_TRANSACTIONS, 64 * KIB],
      [MessageType.TRANSACTION, TRANSACTION],
      [MessageType.SEND_COMPACT, 16],
      [MessageType.GET_COMPACT_BLOCK, 256],
      [MessageType.COMPACT_BLOCK, COMPACT_BLOCK],
      [MessageType.GET_BLOCK_TRANSACTIONS, MAX_TRANSACTIONS * 3 + KIB],
      // As a block: each transaction has some bytes of protobuf more.
      [MessageType.BLOCK_TRANSACTIONS, 4_000_000 + MAX_TRANSACTIONS * 4],
      [MessageType.GET_UTXOS, 256],
      [MessageType.UTXOS, 4 * KIB * KIB],
      [MessageType.GET_OUTPUT, 256],
      [MessageType.OUTPUT, PROVEN_TRANSACTION + 100_000],
      [MessageType.GET_PROOF, 256],
      [MessageType.PROOF, PROVEN_TRANSACTION],
      [MessageType.GET_JOB, 256],
      [MessageType.JOB_STATEMENTS, MAX_PAYLOAD],
      // 65,536 token ids.
      [MessageType.CHECK_REQUEST, 256 * KIB],
      [MessageType.CHECK_ANSWER, KIB],
      [MessageType.GET_OPEN_JOBS, 64],
      // 256 ids and states.
      [MessageType.OPEN_JOBS, 12 * KIB],
      // Job bytes (256 KiB of input and prefix, and their counts) and F.
      [MessageType.JOB, 512 * KIB],
      [MessageType.ACCEPTANCE, KIB],
      [MessageType.PROGRESS, 512],
      [MessageType.COMMITMENT, TRANSACTION + KIB],
      [MessageType.PAYMENT, TRANSACTION],
      // 65,536 tokens with their text, encrypted.
      [MessageType.DELIVERY, 4 * KIB * KIB],
      [MessageType.CLAIM, 4 * KIB * KIB + TRANSACTION],
      [MessageType.COUNTER, 4 * KIB * KIB + KIB],
      [MessageType.ATTESTATION, 512],
    ] satisfies [KnownType, number][]
  ).map(([type, limit]) => [type, { type, limit }]),
)

/** The type a number stands for, or undefined where this version does not know it. */
export function knownType(type: number): KnownType | undefined {
  return LIMITS.get(type)?.type
}

/** Largest payload of a type, in bytes. */
export function payloadLimit(type: KnownType): number {
  return LIMITS.get(type)?.limit ?? 0
}

/** Types that only ever answer a question; one that nobody asked for closes the connection. */
export const ANSWER_TYPES: ReadonlySet<number> = new Set([
  MessageType.PEERS,
  MessageType.BLOCK,
  // Of those who were asked to announce by it too: each has leave for the next.
  MessageType.COMPACT_BLOCK,
  MessageType.BLOCK_TRANSACTIONS,
  MessageType.UTXOS,
  MessageType.OUTPUT,
  MessageType.PROOF,
  MessageType.JOB_STATEMENTS,
  MessageType.CHECK_ANSWER,
  MessageType.OPEN_JOBS,
])

/** Jobs and the statements about them: what the job-pool owns, and what may be flooded or addressed to one node. */
export const STATEMENT_TYPES: ReadonlySet<number> = new Set([
  MessageType.JOB,
  MessageType.ACCEPTANCE,
  MessageType.PROGRESS,
  MessageType.COMMITMENT,
  MessageType.PAYMENT,
  MessageType.DELIVERY,
  MessageType.CLAIM,
  MessageType.COUNTER,
  MessageType.ATTESTATION,
])

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(MessageType).map(([name, type]) => [type, name]))

/** The name of a type as people read it in logs and metrics: "GET_HEADERS". */
export function typeName(type: number): string {
  return NAMES.get(type) ?? `TYPE_${type}`
}
