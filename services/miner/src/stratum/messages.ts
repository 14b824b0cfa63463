import { isCoded } from '@camelid/errors'
import { StratumError } from './stratum-error.ts'

type RequestId = number | string | null

/** One line of a miner. */
export interface StratumRequest {
  readonly id: RequestId
  readonly method: string
  readonly params: readonly unknown[]
}

const MAX_ID_LENGTH = 64
const MAX_SHOWN_LENGTH = 40

/**
 * Undefined where it is an answer, which we ask nobody for.
 * @throws StratumError BAD_REQUEST
 */
export function parseRequest(line: string): StratumRequest | undefined {
  const message = parseJson(line)
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    throw new StratumError('BAD_REQUEST', 'a line must hold one JSON object')
  const id = 'id' in message ? message.id : null
  if (!isRequestId(id)) throw new StratumError('BAD_REQUEST', 'id must be a number, a short string or null')
  const method = 'method' in message ? message.method : undefined
  if (method === undefined && 'result' in message) return undefined
  if (typeof method !== 'string') throw new StratumError('BAD_REQUEST', 'method must be a string')
  const params = 'params' in message ? message.params : []
  if (!Array.isArray(params)) throw new StratumError('BAD_REQUEST', 'params must be an array')
  return { id, method, params }
}

/** The id of a line that is no good request, as far as it can be told. */
export function idOf(line: string): RequestId {
  try {
    const message: unknown = JSON.parse(line)
    if (typeof message === 'object' && message !== null && 'id' in message && isRequestId(message.id)) return message.id
  } catch {
    // Not JSON: there is no id.
  }
  return null
}

export function resultLine(id: RequestId, result: unknown): string {
  return line({ id, result, error: null })
}

/** Only what we name ourselves goes out; other errors are ours and stay in the log. */
export function errorLine(id: RequestId, error: unknown): string {
  const [number, text] =
    error instanceof StratumError
      ? [error.number, `${error.code}: ${error.message}`]
      : [20, isCoded(error) ? error.code : 'INTERNAL: the miner service failed, its log says why']
  return line({ id, result: null, error: [number, text, null] })
}

/** The last line before a connection is ended. */
export function goodbyeLine(reason: string): string {
  return line({ id: null, result: null, error: [20, reason, null] })
}

export function notificationLine(method: string, params: readonly unknown[]): string {
  return line({ id: null, method, params })
}

/** Hex of exactly so many bytes. @throws StratumError BAD_REQUEST */
export function hexParam(value: unknown, bytes: number, name: string): Buffer {
  if (typeof value !== 'string' || value.length !== 2 * bytes || !/^[0-9a-fA-F]*$/.test(value))
    throw new StratumError('BAD_REQUEST', `${name} must be ${2 * bytes} hex digits`)
  return Buffer.from(value, 'hex')
}

/** @throws StratumError BAD_REQUEST */
export function stringParam(value: unknown, most: number, name: string): string {
  if (typeof value !== 'string' || value === '' || value.length > most)
    throw new StratumError('BAD_REQUEST', `${name} must be a string of 1 to ${most} characters`)
  return value
}

/** What somebody sent, short enough to be said back. */
export function shown(text: string): string {
  return text.length <= MAX_SHOWN_LENGTH ? text : `${text.slice(0, MAX_SHOWN_LENGTH)}…`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StratumError('BAD_REQUEST', 'the line is not JSON', { cause })
  }
}

function isRequestId(id: unknown): id is RequestId {
  return id === null || typeof id === 'number' || (typeof id === 'string' && id.length <= MAX_ID_LENGTH)
}

const line = (message: object): string => `${JSON.stringify(message)}\n`
