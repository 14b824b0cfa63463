import { decodeProgress } from '@camelid/codec'
import { bytesToHex, verify } from '@camelid/crypto'
import { jobError } from '@camelid/job'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'
import { isBefore } from './stage.ts'

/** How many tokens a node has, signed; never their text. Errors: JobError BAD_SIGNATURE, BAD_TOKEN_COUNT. */
export function onProgress(context: JobContext, live: LiveJob, bytes: Uint8Array): void {
  const { statement, signature, hash } = decodeProgress(bytes)
  // After the commitment its count says more; a count that is no more than the last adds nothing.
  if (!isBefore(live.row.stage, 'committed')) return
  const isFirst = live.row.stage !== 'generating'
  if (!isFirst && statement.tokenCount <= live.row.tokens) return
  if (!live.nodes.has(bytesToHex(statement.nodeKey)) && live.nodes.size > 0) return
  if (statement.tokenCount > live.job.maxTokens) {
    throw jobError(
      'BAD_TOKEN_COUNT',
      `progress says ${statement.tokenCount} tokens, the job allows ${live.job.maxTokens}`,
    )
  }
  if (!verify(signature, hash, statement.nodeKey))
    throw jobError('BAD_SIGNATURE', 'the progress is not signed by its node')
  if (isFirst) {
    const changes = { tokens: statement.tokenCount, node_key: statement.nodeKey, reason: '' }
    step(context, live, { stage: 'generating', changes })
    return
  }
  // Counts between the stages are for whoever watches now: they are not worth a write to disk each.
  live.row = { ...live.row, tokens: statement.tokenCount }
  const event = { stage: 'generating', at: context.nowMs(), tokens: statement.tokenCount } as const
  context.events.emit({ id: live.id, event })
}
