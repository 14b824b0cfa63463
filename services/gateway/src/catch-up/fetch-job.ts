import { decodeJob, jobId as hashJob } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { type KnownType, payloadLimit, questions, readMessage, request } from '@camelid/p2p'
import { JobSchema, MessageType, type Statement } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { takeTold } from '../relay/take-statement.ts'

/** What one peer may still tell at once. */
export interface Budget {
  readonly endMs: number
  jobs: number
  bytes: number
}

/**
 * What is told of a job, in the order in which it is judged: who has done it before who offers to, so that our job-pool need not offer. How
 * far others say to be is worth nothing later.
 */
const ORDER: readonly KnownType[] = [
  MessageType.JOB,
  MessageType.COMMITMENT,
  MessageType.PAYMENT,
  MessageType.DELIVERY,
  MessageType.ACCEPTANCE,
]
/** A job-pool keeps no more of one job. */
const MAX_STATEMENTS = 256
const BAD_SCORE = 20

/**
 * Fetches a job that is missed, with what was said of it, and has it judged. Gives whether the peer may be asked for more.
 * @throws P2pError where the peer does not answer
 */
export async function fetchJob(
  parts: GatewayParts,
  peer: Peer,
  { jobId, budget, timeoutMs }: { jobId: Uint8Array; budget: Budget; timeoutMs: number },
): Promise<boolean> {
  const { signal } = parts
  const answer = await request(peer.connection, questions.job, { jobId }, { timeoutMs, signal })
  const statements = inOrder(answer.statements).slice(0, MAX_STATEMENTS)
  budget.jobs -= 1
  budget.bytes -= answer.statements.reduce((sum, { payload }) => sum + payload.length, 0)
  const madeMs = whenMade(statements, jobId)
  if (madeMs === undefined) {
    parts.charge(peer, BAD_SCORE, 'BAD_JOB_STATEMENTS: not the job that was asked for, or no statements')
    return false
  }
  return await takeAll(parts, peer, { statements, madeMs })
}

interface Told {
  readonly type: KnownType
  readonly payload: Uint8Array
}

function inOrder(statements: readonly Statement[]): Told[] {
  return ORDER.flatMap((type) =>
    statements.filter((told) => told.type === type).map(({ payload }) => ({ type, payload })),
  )
}

/** The timestamp of a job, Unix milliseconds, where it is the one asked for and what comes with it could be statements about it. */
function whenMade(statements: readonly Told[], jobId: Uint8Array): number | undefined {
  const [first] = statements
  if (first?.type !== MessageType.JOB) return undefined
  if (statements.some(({ type, payload }) => payload.length > payloadLimit(type))) return undefined
  try {
    const { job } = readMessage(JobSchema, first.payload)
    return equalBytes(hashJob(job), jobId) ? Number(decodeJob(job).timestampMs) : undefined
  } catch (error) {
    if (isCoded(error)) return undefined
    throw error
  }
}

async function takeAll(
  parts: GatewayParts,
  peer: Peer,
  { statements, madeMs }: { statements: readonly Told[]; madeMs: number },
): Promise<boolean> {
  for (const { type, payload } of statements) {
    // They count as if the peer had sent them by itself.
    if (!peer.withinRate(type, parts.clock.nowMs())) return false
    const { outcome, code } = await takeTold(parts, peer, { type, payload, missedMs: madeMs })
    if (outcome === 'unavailable' || outcome === 'reject') return false
    // Without the job nothing that was said of it can be judged.
    if (type === MessageType.JOB && outcome === 'ignore' && code !== 'KNOWN') return true
  }
  return true
}
