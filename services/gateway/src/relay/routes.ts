import { decodeAcceptance, decodeCommitment, decodeJob, decodeProgress, decodeTransaction } from '@camelid/codec'
import { bytesToHex, equalBytes, hash160 } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { Frame } from '@camelid/p2p'
import {
  AcceptanceSchema,
  CommitmentSchema,
  JobSchema,
  MessageType,
  ProgressSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { LruMap } from '../lru-map.ts'
import type { Peer } from '../peers/peer.ts'
import type { PeerTable } from '../peers/peer-table.ts'
import { readPayload } from '../read-payload.ts'

const MAX_ROUTES = 4_096

/** Through which peer a node can be reached, learned from what that node signed (protocol §8). */
export class Routes {
  readonly #table: PeerTable
  readonly #byH2 = new LruMap<string, Peer>(MAX_ROUTES)

  constructor(table: PeerTable) {
    this.#table = table
  }

  /** Learns from a frame whose signature its owner has checked; from one that names no node, nothing. */
  learn(frame: Frame, via: Peer): void {
    try {
      const nodeKey = signerOf(frame)
      if (nodeKey !== undefined) this.#byH2.set(bytesToHex(hash160(nodeKey)), via)
    } catch (error) {
      if (!isCoded(error)) throw error
    }
  }

  /** The peer itself where it is connected, else the one through which it was heard last. */
  find(h2: Uint8Array): Peer | undefined {
    const direct = this.#table.get(h2)
    if (direct !== undefined) return direct
    const via = this.#byH2.get(bytesToHex(h2))
    return via !== undefined && this.#table.holds(via) ? via : undefined
  }
}

/** The key that signed a message itself: what others sign about it could be made by anybody. */
function signerOf(frame: Frame): Uint8Array | undefined {
  if (frame.type === MessageType.ACCEPTANCE)
    return decodeAcceptance(readPayload(AcceptanceSchema, frame).statement).statement.nodeKey
  if (frame.type === MessageType.PROGRESS)
    return decodeProgress(readPayload(ProgressSchema, frame).statement).statement.nodeKey
  if (frame.type === MessageType.COMMITMENT)
    return decodeCommitment(readPayload(CommitmentSchema, frame).statement).statement.nodeKey
  if (frame.type === MessageType.JOB) return clientOf(frame)
  return undefined
}

/** The key of a client that funds its job with a coin of that key: with coins of others anybody could name it in a job. */
function clientOf(frame: Frame): Uint8Array | undefined {
  const { job, funding } = readPayload(JobSchema, frame)
  const { clientKey } = decodeJob(job)
  const signs = decodeTransaction(funding).vin.some(({ scriptSig }) =>
    equalBytes(scriptSig.subarray(-clientKey.length), clientKey),
  )
  return signs ? clientKey : undefined
}
