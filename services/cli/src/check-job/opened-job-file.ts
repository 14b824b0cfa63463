import {
  type Commitment,
  decodeCommitment,
  decodeJob,
  decodeOpening,
  type Job,
  jobId,
  MAX_JOB_BYTES,
  MAX_OPENING_BYTES,
  MAX_TRANSACTION_BYTES,
  type Opening,
} from '@camelid/codec'
import { bytesToHex, equalBytes, hexToBytes, verify } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { checkOpening } from '@camelid/job'
import { z } from 'zod'
import { CliError } from '../cli-error.ts'
import { clean } from '../print.ts'

/** A commitment is its testament and some fields more. */
const MAX_COMMITMENT_BYTES = MAX_TRANSACTION_BYTES + 2_048
/** Hex of everything, with room for the names and white space. */
export const MAX_OPENED_JOB_FILE = 2 * (MAX_JOB_BYTES + MAX_COMMITMENT_BYTES + MAX_OPENING_BYTES) + 4_096

const hex = (most: number) =>
  z
    .string()
    .max(2 * most, `more than ${most} bytes`)
    .regex(/^([0-9a-f]{2})+$/i, 'expected hexadecimal digits')

/** As GET /jobs/:id/opening tells it. */
export const openedJobBytes = z.object({
  jobId: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  job: hex(MAX_JOB_BYTES),
  commitment: hex(MAX_COMMITMENT_BYTES),
  opening: hex(MAX_OPENING_BYTES),
})

/**
 * An opened job: all that anyone needs, beside the model, to check an output as its buyer did. One JSON object:
 *
 *     {
 *       "format": "camelid opened job",
 *       "version": 1,
 *       "jobId": "…",        64 hex digits: the statement hash of the job bytes
 *       "job": "…",          hex of the job bytes (protocol: Job)
 *       "commitment": "…",   hex of the commitment statement and the node's 64-byte signature
 *       "opening": "…"       hex of tokenCount u32 · ids u32 each · text bytes · salt 32, the plaintext of the delivery
 *     }
 *
 * There is nothing secret in it but what was bought; the model is named by the job, by its hash.
 */
const openedJobFile = openedJobBytes.extend({ format: z.literal('camelid opened job'), version: z.literal(1) }).strict()
/** What files of every version say first. */
const ofVersion = z.object({ format: z.literal('camelid opened job'), version: z.int().min(2) })

export interface OpenedJob {
  readonly jobId: Uint8Array
  readonly job: Job
  /** Signed by its nodeKey. */
  readonly commitment: Commitment
  /** It opens the commitment's outputHash. */
  readonly opening: Opening
}

/** The text of a file that `parseOpenedJob` reads. */
export function formatOpenedJob(bytes: z.output<typeof openedJobBytes>): string {
  const { jobId: id, job, commitment, opening } = bytes
  const file: z.output<typeof openedJobFile> = {
    format: 'camelid opened job',
    version: 1,
    jobId: id,
    job,
    commitment,
    opening,
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/**
 * Reads the file, whoever wrote it: its parts are whole, belong together, and the node signed for this very output.
 *
 * @throws CliError BAD_JOB_FILE, naming the part
 */
export function parseOpenedJob(text: string): OpenedJob {
  const { jobId: idHex, ...bytes } = parseFile(text)
  const jobBytes = hexToBytes(bytes.job)
  const id = jobId(jobBytes)
  if (bytesToHex(id) !== idHex) throw bad(`its job has the id ${bytesToHex(id)}, not ${idHex}`)
  const job = part('job', () => decodeJob(jobBytes))
  const { statement, signature, hash } = part('commitment', () => decodeCommitment(hexToBytes(bytes.commitment)))
  if (!equalBytes(statement.jobId, id)) throw bad(`its commitment is to another job, ${bytesToHex(statement.jobId)}`)
  if (!verify(signature, hash, statement.nodeKey)) throw bad('its commitment is not signed by the node that it names')
  const opening = part('opening', () => decodeOpening(hexToBytes(bytes.opening)))
  part('opening', () => checkOpening(opening, { ...statement, hash }, job))
  return { jobId: id, job, commitment: statement, opening }
}

function parseFile(text: string): z.output<typeof openedJobFile> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw bad(text.trim() === '' ? 'it is empty' : 'it is not JSON', cause)
  }
  const parsed = openedJobFile.safeParse(value)
  if (parsed.success) return parsed.data
  const later = ofVersion.safeParse(value)
  if (later.success) {
    const detail = `this opened job is of version ${later.data.version}, newer than this program reads: update camelid`
    throw new CliError('BAD_JOB_FILE', detail)
  }
  throw bad(firstFault(parsed.error))
}

/** In one line: a file of another kind has every fault at once. */
function firstFault({ issues }: z.ZodError): string {
  const fault = issues.find(({ path }) => path[0] === 'format') ?? issues[0]
  const where = fault?.path.join('.') ?? ''
  // Names of unknown fields are whatever someone wrote.
  const what = clean(fault?.message ?? '').slice(0, 200)
  return where === '' ? what : `its ${where} cannot be used: ${what}`
}

function part<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!isCoded(cause)) throw cause
    throw bad(`its ${name} cannot be used: ${cause.message} (${cause.code})`, cause)
  }
}

function bad(what: string, cause?: unknown): CliError {
  return new CliError('BAD_JOB_FILE', `this is no opened job: ${what}. camelid job export writes one`, { cause })
}
