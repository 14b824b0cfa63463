import { bytesToHex } from '@camelid/crypto'
import type { FastifyInstance } from 'fastify'
import { ClientError } from '../errors.ts'
import { receiptOf } from '../jobs/job-view.ts'
import { postJob } from '../jobs/post-job.ts'
import { isBefore } from '../jobs/stage.ts'
import { waitFor } from '../notifier.ts'
import type { JobRow } from '../store/jobs.ts'
import { toCompletionRequest } from './job-request.ts'
import type { RouteContext } from './routes.ts'
import { MAX_BODY_BYTES, postCompletion } from './schemas.ts'

/**
 * OpenAI's completions over paid jobs. The text is shown once it was paid for, opened and checked, so a stream has one
 * piece of text; an output that the check calls INVALID is an error, never an answer.
 */
export function addCompletions(http: FastifyInstance, { client, limits, signal }: RouteContext): void {
  const { context, desk } = client

  http.get('/v1/models', () => ({
    object: 'list',
    data: context.library.names().map((id) => ({ id, object: 'model', created: 0, owned_by: 'camelid' })),
  }))

  http.post('/v1/completions', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const body = postCompletion.parse(request.body)
    const live = await postJob(context, desk, { request: toCompletionRequest(body), limits })
    const patience = AbortSignal.any([
      signal,
      AbortSignal.timeout(Math.max(1_000, live.job.timelock * 1_000 - context.nowMs())),
    ])
    const row = await outputOf(live.row.jobId, patience)
    const completion = toCompletion(row)
    if (body.stream !== true) return completion
    const events = [completion, '[DONE]'].map(
      (data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
    )
    return reply.header('content-type', 'text/event-stream').send(events.join(''))
  })

  async function outputOf(jobId: Uint8Array, patience: AbortSignal): Promise<JobRow> {
    const id = bytesToHex(jobId)
    try {
      return await waitFor(
        context.events,
        (notice) => {
          if (notice !== undefined && notice.id !== id) return undefined
          const row = context.jobs.get(jobId)
          return row !== undefined && !isBefore(row.stage, 'checked') ? row : undefined
        },
        patience,
      )
    } catch (cause) {
      if (signal.aborted)
        throw new ClientError('STOPPING', `the client is stopping; job ${id} goes on when it starts again`, { cause })
      throw new ClientError('JOB_TIMEOUT', `job ${id} is not done yet: GET /jobs/${id} follows it`, { cause })
    }
  }

  function toCompletion(row: JobRow): object {
    const receipt = receiptOf(row, context.chain)
    const id = bytesToHex(row.jobId)
    if (receipt === undefined)
      throw new ClientError('JOB_FAILED', `job ${id} came to nothing: ${row.reason}`, { data: { jobId: id } })
    if (receipt.verdict === 'INVALID') {
      throw new ClientError('JOB_FAILED', `the node cheated: the output of job ${id} is INVALID: ${receipt.reason}`, {
        data: { jobId: id },
      })
    }
    const finish = row.tokens >= receipt.maxTokens ? 'length' : 'stop'
    return {
      id: `cmpl-${id}`,
      object: 'text_completion',
      created: Math.floor(row.createdMs / 1_000),
      model: row.modelName,
      choices: [{ index: 0, text: receipt.output, finish_reason: finish, logprobs: null }],
      usage: { completion_tokens: row.tokens },
      camelid: receipt,
    }
  }
}
