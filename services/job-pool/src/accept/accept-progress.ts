import { decodeProgress } from '@camelid/codec'
import { bytesToHex, equalBytes, verify } from '@camelid/crypto'
import { jobError } from '@camelid/job'
import { MessageType, ProgressSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { isEnded } from '../store/state.ts'
import { replaceStatement, statementsOfKind } from '../store/statements.ts'
import { knownJob } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'

/** Progress comes at most five times a second; closer together it is not relayed. */
const MIN_GAP_MS = 100

/** A node that accepted the job says how far it is: keeps its lease. Only the newest of each node is kept. */
export async function acceptProgress(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const nowMs = Math.round(pool.clock.nowMs())
  const { statement, signature, hash } = decodeProgress(parsePayload(ProgressSchema, payload).statement)
  const { jobId: id, nodeKey, tokenCount } = statement
  const hex = bytesToHex(id)
  return await pool.locks.run(hex, async () => {
    const record = await knownJob(pool, id)
    if (isEnded(record.state)) return ignore('JOB_ENDED', 'the job is over')
    if (tokenCount > record.job.maxTokens) throw jobError('BAD_TOKEN_COUNT', 'more tokens than the job allows')
    if (nowMs - pool.progress.lastMs(hex, nodeKey) < MIN_GAP_MS) return ignore('TOO_SOON', 'progress comes too often')
    const accepted = await statementsOfKind(pool.sql, id, MessageType.ACCEPTANCE)
    if (!accepted.some((held) => held.nodeKey !== null && equalBytes(held.nodeKey, nodeKey))) {
      return ignore('NOT_ACCEPTED', 'this node has not accepted the job')
    }
    if (!verify(signature, hash, nodeKey)) throw jobError('BAD_SIGNATURE', 'the progress is not signed by its node')
    pool.progress.note(hex, nodeKey, tokenCount, nowMs)
    await replaceStatement(pool.sql, id, {
      kind: MessageType.PROGRESS,
      hash: nodeKey,
      nodeKey,
      commitmentHash: null,
      payload,
      seenMs: nowMs,
      checked: true,
    })
    return ok()
  })
}
