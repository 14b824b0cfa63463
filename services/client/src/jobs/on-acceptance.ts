import { decodeAcceptance } from '@camelid/codec'
import { bytesToHex, verify } from '@camelid/crypto'
import { jobError } from '@camelid/job'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

/** Nodes noted for one job at most. */
const MAX_NODES = 64

/** A node says that it can do the job (protocol §6, Lease). Errors: JobError BAD_SIGNATURE. */
export function onAcceptance(context: JobContext, live: LiveJob, bytes: Uint8Array): void {
  const { statement, signature, hash } = decodeAcceptance(bytes)
  const node = bytesToHex(statement.nodeKey)
  if (live.nodes.has(node) || live.nodes.size >= MAX_NODES) return
  if (!verify(signature, hash, statement.nodeKey))
    throw jobError('BAD_SIGNATURE', 'the acceptance is not signed by its node')
  live.nodes.add(node)
  if (live.row.stage === 'funded')
    step(context, live, { stage: 'accepted', changes: { node_key: statement.nodeKey, reason: '' } })
}
