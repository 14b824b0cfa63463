import { isCoded } from '@camelid/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ZodError } from 'zod'
import { ClientError } from '../errors.ts'

/** The body of every refusal: a code for programs, one line with the fix for people, and the figures it names. */
interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly data?: Record<string, unknown> }
}

/** Turns whatever a route threw into a status and a body; causes and stacks stay in the log. */
function toHttpError(error: unknown): { status: number; body: ErrorBody } {
  if (error instanceof ZodError) {
    const message = error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
    return { status: 400, body: { error: { code: 'BAD_REQUEST', message } } }
  }
  if (error instanceof ClientError) return { status: error.status, body: coded(error.code, error.message, error.data) }
  if (isCoded(error)) return { status: 422, body: coded(error.code, error.message, error.data) }
  const status = statusOf(error)
  if (status !== undefined && error instanceof Error) {
    return { status, body: { error: { code: 'BAD_REQUEST', message: error.message } } }
  }
  return { status: 500, body: { error: { code: 'INTERNAL', message: 'the client failed: its log says why' } } }
}

/** A handler for one route that throws; used by every route of the API. */
export function replyWithError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, body } = toHttpError(error)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  return reply.status(status).send(body)
}

function coded(code: string, message: string, data: Readonly<Record<string, unknown>>): ErrorBody {
  const plain = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
  )
  return { error: { code, message, ...(Object.keys(plain).length > 0 && { data: plain }) } }
}

/** Fastify's own refusals (body too large, no JSON, …) carry a status below 500. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined
}
