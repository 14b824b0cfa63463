import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex, concatBytes } from '@camelid/crypto'
import type { WorkKind } from '@camelid/events'
import { deadlines } from '@camelid/job'
import { VerifyRequestSchema, WorkItemSchema } from '@camelid/proto/work/v1/work_pb'
import { traceIdOfJob } from '@camelid/runtime'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import type { StoredOutput } from '../store/work.ts'

/** What names an attempt on the queues: taken once however often it is put there. */
function queueId(hex: string, attempt: number): string {
  return attempt === 1 ? hex : `${hex}-${attempt}`
}

/** When the result is worth nothing any more, Unix milliseconds. */
function deadlineMs(pool: Pool, record: JobRecord): bigint {
  return BigInt(Math.floor(deadlines(pool.params, record.job).commit * 1000))
}

async function put(pool: Pool, record: JobRecord, item: { kind: WorkKind; attempt: number; bytes: () => Uint8Array }) {
  const { kind, attempt, bytes } = item
  const model = bytesToHex(record.job.modelSha256)
  const id = queueId(record.hex, attempt)
  await pool.queues.put(record.hex, `${kind}-${attempt}`, async () => {
    await pool.bus.enqueueWork(kind, model, id, bytes(), traceIdOfJob(record.id))
  })
}

/** Puts the job on its model's queue, once however often this is asked. @throws BusError BUS_UNAVAILABLE, BUS_FULL */
export async function enqueueGeneration(pool: Pool, record: JobRecord, attempt: number): Promise<void> {
  const item = { jobId: record.id, job: record.jobBytes, deadlineMs: deadlineMs(pool, record) }
  await put(pool, record, {
    kind: 'work',
    attempt,
    bytes: () => toBinary(WorkItemSchema, create(WorkItemSchema, item)),
  })
}

/** Asks a verifier of ours about an output before we stake a bond on it, once. @throws BusError */
export async function enqueueSelfCheck(
  pool: Pool,
  record: JobRecord,
  attempt: number,
  output: StoredOutput,
): Promise<void> {
  const request = {
    requestId: selfCheckId(record.id, attempt),
    job: record.jobBytes,
    tokenIds: [...output.tokenIds],
    text: output.text,
    engine: output.engine,
    backend: output.backend,
    deadlineMs: deadlineMs(pool, record),
  }
  const bytes = () => toBinary(VerifyRequestSchema, create(VerifyRequestSchema, request))
  await put(pool, record, { kind: 'verify', attempt, bytes })
}

/** jobId ‖ attempt: names the check, and the job when its result comes back. */
function selfCheckId(jobId: Uint8Array, attempt: number): Uint8Array {
  return concatBytes(jobId, Uint8Array.of(attempt))
}

/** The job of a self-check, or null where the id is none of ours. */
export function jobOfSelfCheck(requestId: Uint8Array): { readonly id: Uint8Array; readonly attempt: number } | null {
  const attempt = requestId[32]
  return requestId.length === 33 && attempt !== undefined ? { id: requestId.slice(0, 32), attempt } : null
}
