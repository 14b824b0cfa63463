import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify'
import type { Registry } from 'prom-client'
import type { Health } from './health.ts'

export interface ServiceHttp {
  app: FastifyInstance
  /** Opens the port; until `open`, only /healthz, /readyz and /metrics answer. Resolves to the port. */
  listen: (host: string, port: number) => Promise<number>
  /** Lets requests through to the routes; none may be added afterwards. */
  open: () => Promise<void>
  close: () => Promise<void>
}

/** One HTTP server for health, metrics and the service's own routes; health answers from the first moment on. */
export function createHttp(options: { health: Health; metrics: Registry; log: FastifyBaseLogger }): ServiceHttp {
  let routes: RequestListener | undefined
  let opened = false
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0]
    if (request.method === 'GET' && isProbe(path)) void answerProbe(path, response, options)
    else if (opened && routes) routes(request, response)
    else sendJson(response, 503, { error: { code: 'STARTING', message: 'the service is still starting' } })
  })
  const app = fastify({
    loggerInstance: options.log.child({}, { level: 'warn' }),
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    serverFactory: (handler) => {
      routes = handler
      return server
    },
  })
  return {
    app,
    listen: (host, port) => listen(server, host, port),
    open: async () => {
      await app.ready()
      opened = true
    },
    close: async () => {
      await app.close()
      await closeServer(server)
    },
  }
}

type Probe = '/healthz' | '/readyz' | '/metrics'
const isProbe = (path: string | undefined): path is Probe =>
  path === '/healthz' || path === '/readyz' || path === '/metrics'

async function answerProbe(
  path: Probe,
  response: ServerResponse,
  { health, metrics, log }: { health: Health; metrics: Registry; log: FastifyBaseLogger },
): Promise<void> {
  try {
    if (path === '/healthz') return sendJson(response, 200, { status: 'alive' })
    if (path === '/readyz') {
      const report = await health.report()
      return sendJson(response, report.ready ? 200 : 503, report)
    }
    const text = await metrics.metrics()
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text)
  } catch (error) {
    log.error({ err: error }, `${path} failed`)
    if (!response.headersSent) sendJson(response, 500, { error: { code: 'INTERNAL', message: 'see the log' } })
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
