import type { ServerResponse } from 'node:http'
import { bytesToHex } from '@camelid/crypto'
import type { FastifyInstance } from 'fastify'
import { ClientError } from '../errors.ts'
import type { StageEvent } from '../jobs/job-context.ts'
import { isFinal } from '../jobs/stage.ts'
import { findJob } from './find-job.ts'
import type { RouteContext } from './routes.ts'

const MAX_STREAMS = 128
/** A comment now and then keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000
/** A reader that takes nothing is let go before it costs more memory than this. */
const MAX_BUFFERED_BYTES = 1 << 20

/** GET /jobs/:id/events: what happened so far, then what happens, until the job is over. */
export function addEventStream(http: FastifyInstance, { client, signal }: RouteContext): void {
  let open = 0
  http.get('/jobs/:id/events', (request, reply) => {
    const row = findJob(client, request.params)
    if (open >= MAX_STREAMS) throw new ClientError('TOO_MANY_STREAMS', `${open} event streams are open: close some`)
    open++
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', connection: 'keep-alive' })
    const id = bytesToHex(row.jobId)
    const { context } = client
    const keepAlive = setInterval(() => raw.write(': still here\n\n'), KEEP_ALIVE_MS)
    const off = context.events.on((notice) => {
      if (notice.id === id) deliver(notice.event)
    })
    const end = () => {
      off()
      clearInterval(keepAlive)
      signal.removeEventListener('abort', end)
      if (!raw.writableEnded) raw.end()
    }
    raw.once('close', () => {
      open--
      end()
    })
    signal.addEventListener('abort', end, { once: true })
    // The past comes from disk; nothing can happen between this and the subscription above, both being synchronous.
    const past = context.jobs.events(row.jobId)
    for (const { stage, atMs } of past) {
      write(raw, { stage, at: atMs, ...(stage === row.stage && row.reason !== '' && { detail: row.reason }) })
    }
    if (isFinal(row.stage)) end()

    function deliver(event: StageEvent): void {
      write(raw, event)
      if (isFinal(event.stage) || raw.writableLength > MAX_BUFFERED_BYTES) end()
    }
  })
}

function write(raw: ServerResponse, event: StageEvent): void {
  raw.write(`data: ${JSON.stringify(event)}\n\n`)
}
