import { type ErrorData, isCoded } from '@camelid/errors'
import { Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js'
import { RpcError } from './rpc-error.ts'

const CODE_KEY = 'camelid-code'
const SCORE_KEY = 'camelid-score'
const DATA_KEY = 'camelid-data'
const MAX_DETAIL = 1_000
const MAX_DATA = 4_000

/** Codes that are gRPC statuses by name keep that status; the others say that the request does not fit the state. */
const STATUS_OF_CODE: Readonly<Record<string, status>> = {
  CANCELLED: status.CANCELLED,
  INVALID_ARGUMENT: status.INVALID_ARGUMENT,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
  NOT_FOUND: status.NOT_FOUND,
  ALREADY_EXISTS: status.ALREADY_EXISTS,
  PERMISSION_DENIED: status.PERMISSION_DENIED,
  RESOURCE_EXHAUSTED: status.RESOURCE_EXHAUSTED,
  ABORTED: status.ABORTED,
  OUT_OF_RANGE: status.OUT_OF_RANGE,
  UNIMPLEMENTED: status.UNIMPLEMENTED,
  INTERNAL: status.INTERNAL,
  UNAVAILABLE: status.UNAVAILABLE,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
}

/** The one place where a failure becomes a wire status: only coded errors are told, everything else is INTERNAL. */
export function toStatus(
  error: unknown,
  logInternal: (error: unknown) => void,
): Partial<StatusObject> & { code: status } {
  const metadata = new Metadata()
  if (!isCoded(error)) {
    logInternal(error)
    metadata.set(CODE_KEY, 'INTERNAL')
    return { code: status.INTERNAL, details: 'internal error; the log of the service says more', metadata }
  }
  metadata.set(CODE_KEY, error.code)
  if (error.score !== 0) metadata.set(SCORE_KEY, String(error.score))
  const data = encodeData(error.data)
  if (data !== undefined) metadata.set(DATA_KEY, data)
  const code =
    STATUS_OF_CODE[error.code] ?? (error.code.endsWith('_NOT_FOUND') ? status.NOT_FOUND : status.FAILED_PRECONDITION)
  return { code, details: error.message.slice(0, MAX_DETAIL), metadata }
}

/** The way back on the caller's side. Anything that is not a gRPC failure passes unchanged. */
export function fromStatus(error: unknown, method: string): unknown {
  if (!isServiceError(error)) return error
  const camelidCode = text(error.metadata, CODE_KEY)
  const code = camelidCode ?? status[error.code] ?? 'UNKNOWN'
  const message = camelidCode ? error.details : `${method}: ${error.details}`
  const score = Number(text(error.metadata, SCORE_KEY) ?? 0)
  return new RpcError(code, message, {
    status: error.code,
    score: Number.isInteger(score) && score >= 0 && score <= 100 ? score : 0,
    data: decodeData(text(error.metadata, DATA_KEY)),
    cause: error,
  })
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error
}

function text(metadata: Metadata | undefined, key: string): string | undefined {
  const value = metadata?.get(key)[0]
  return typeof value === 'string' ? value : undefined
}

/** Header values are ASCII: percent-encoded JSON, bigints as {"n": "…"}. */
function encodeData(data: ErrorData): string | undefined {
  if (Object.keys(data).length === 0) return undefined
  const json = JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'bigint' ? { n: value.toString() } : value,
  )
  const encoded = encodeURIComponent(json)
  return encoded.length <= MAX_DATA ? encoded : undefined
}

function decodeData(encoded: string | undefined): ErrorData {
  if (encoded === undefined || encoded.length > MAX_DATA) return {}
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(encoded))
    if (typeof parsed !== 'object' || parsed === null) return {}
    const data: Record<string, string | number | bigint | boolean> = {}
    for (const [key, value] of Object.entries(parsed)) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') data[key] = value
      else if (isBigintBox(value)) data[key] = BigInt(value.n)
    }
    return data
  } catch {
    return {}
  }
}

const isBigintBox = (value: unknown): value is { n: string } =>
  typeof value === 'object' &&
  value !== null &&
  'n' in value &&
  typeof value.n === 'string' &&
  /^-?\d{1,40}$/.test(value.n)
