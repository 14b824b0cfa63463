import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { encodeProgress, hashProgress } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { MessageType, ProgressSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { type WorkProgress, WorkProgressSchema } from '@camelid/proto/work/v1/work_pb'
import type { Pool } from '../pool.ts'
import { loadJob } from '../store/jobs.ts'
import { replaceStatement } from '../store/statements.ts'
import { loadWork } from '../store/work.ts'

/** At most five a second (protocol §6 asks for signs of life, not for every token). */
const MIN_GAP_MS = 200

/** A worker's count of tokens becomes this node's signed progress, which keeps its lease and shows the client that it works. */
export async function reportProgress(pool: Pool, data: Uint8Array): Promise<void> {
  const message = parse(data)
  if (message === null) return
  const { jobId, tokenCount } = message
  const { nodeKey, sign } = pool.keys
  const hex = bytesToHex(jobId)
  const nowMs = Math.round(pool.clock.nowMs())
  if (nowMs - pool.progress.lastMs(hex, nodeKey) < MIN_GAP_MS) return
  const record = await loadJob(pool.sql, jobId)
  const work = record === null ? null : await loadWork(pool.sql, jobId)
  if (record === null || work?.stage !== 'queued' || tokenCount > record.job.maxTokens) return
  pool.progress.note(hex, nodeKey, tokenCount, nowMs)
  const statement = { jobId, nodeKey, tokenCount }
  const signed = encodeProgress(statement, sign(hashProgress(statement)))
  const payload = toBinary(ProgressSchema, create(ProgressSchema, { statement: signed }))
  pool.floods.send(MessageType.PROGRESS, payload)
  await replaceStatement(pool.sql, jobId, {
    kind: MessageType.PROGRESS,
    hash: nodeKey,
    nodeKey,
    commitmentHash: null,
    payload,
    seenMs: nowMs,
    checked: true,
  })
}

function parse(data: Uint8Array): WorkProgress | null {
  try {
    const message = fromBinary(WorkProgressSchema, Uint8Array.from(data))
    return message.jobId.length === 32 ? message : null
  } catch {
    return null
  }
}
