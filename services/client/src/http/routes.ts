import { displayHash } from '@camelid/codec'
import type { FastifyInstance } from 'fastify'
import type { Client } from '../client.ts'
import type { JobLimits } from '../jobs/create-job.ts'
import { jobDetail, jobSummary } from '../jobs/job-view.ts'
import { openedJob } from '../jobs/opened-job.ts'
import { postJob } from '../jobs/post-job.ts'
import { nodeView } from '../nodes/node-view.ts'
import { listAddresses, newAddress } from '../wallet/list-addresses.ts'
import { sendCoins } from '../wallet/send-coins.ts'
import { addCompletions } from './completions.ts'
import { replyWithError } from './errors.ts'
import { findJob } from './find-job.ts'
import { guardOrigin } from './guard-origin.ts'
import { toJobRequest } from './job-request.ts'
import { listQuery, MAX_BODY_BYTES, postJob as postJobBody, postSend } from './schemas.ts'
import { addEventStream } from './stream-events.ts'

/** What every route works with. */
export interface RouteContext {
  readonly client: Client
  readonly limits: JobLimits
  readonly signal: AbortSignal
  /** Whether other names than those of loopback may be used to reach the API. */
  readonly allowRemote?: boolean
}

/** The whole API of the client; every error is `{error: {code, message}}`. */
export function addRoutes(http: FastifyInstance, routes: RouteContext): void {
  const { client, limits } = routes
  const { context, desk, wallet } = client
  guardOrigin(http, { allowRemote: routes.allowRemote ?? false })
  http.setErrorHandler(replyWithError)
  http.setNotFoundHandler((request, reply) =>
    reply
      .status(404)
      .send({ error: { code: 'NOT_FOUND', message: `${request.method} ${request.url.slice(0, 200)} does not exist` } }),
  )

  http.get('/wallet', () => {
    const { balance, pending, reserved, ...view } = wallet.view()
    return { ...view, balance: `${balance}`, pending: `${pending}`, reserved: `${reserved}` }
  })

  http.get('/wallet/addresses', () => ({ addresses: listAddresses(context) }))

  http.post('/wallet/addresses', (_, reply) => reply.status(201).send(newAddress(context)))

  http.post('/wallet/send', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const id = await sendCoins(context, postSend.parse(request.body))
    return reply.status(201).send({ txid: displayHash(id) })
  })

  http.post('/jobs', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const order = toJobRequest(postJobBody.parse(request.body))
    const live = await postJob(context, desk, { request: order, limits })
    return reply.status(201).send({ jobId: live.id })
  })

  http.get('/jobs', (request) => {
    const { limit } = listQuery.parse(request.query)
    return { jobs: context.jobs.newest(limit).map(jobSummary) }
  })

  http.get('/jobs/:id', (request) => {
    const row = findJob(client, request.params)
    return jobDetail(row, { events: context.jobs.events(row.jobId), chain: context.chain })
  })

  http.get('/jobs/:id/opening', (request) => openedJob(findJob(client, request.params), context.keys.privateKey))

  http.get('/nodes', () => ({ nodes: context.standings.all().map(nodeView) }))

  http.get('/models', () => ({ models: context.library.names() }))

  addEventStream(http, routes)
  addCompletions(http, routes)
}
