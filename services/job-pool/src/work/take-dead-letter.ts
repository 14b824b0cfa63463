import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { VerifyRequestSchema, WorkItemSchema } from '@camelid/proto/work/v1/work_pb'
import type { Pool } from '../pool.ts'
import { loadJob } from '../store/jobs.ts'
import { loadWork } from '../store/work.ts'
import { jobOfSelfCheck } from './enqueue.ts'
import { failWork } from './stop-work.ts'

/** Work that the queue gave up: its workers died over it three times. */
export async function takeDeadLetter(pool: Pool, subject: string, data: Uint8Array, why: string): Promise<void> {
  const checking = subject.startsWith('dead.verify.')
  const id = jobOf(pool, checking, data)
  if (id === null) return
  const hex = bytesToHex(id)
  await pool.locks.run(hex, async () => {
    const record = await loadJob(pool.sql, id)
    const work = record === null ? null : await loadWork(pool.sql, id)
    if (record === null || work?.stage !== (checking ? 'checking' : 'queued')) return
    await failWork(pool, record, `${checking ? 'VERIFIERS_DIED' : 'WORKERS_DIED'}: ${why}`.slice(0, 500))
    pool.driver.wake(hex)
  })
}

function jobOf(pool: Pool, checking: boolean, data: Uint8Array): Uint8Array | null {
  try {
    if (!checking) return fromBinary(WorkItemSchema, data).jobId
    return jobOfSelfCheck(fromBinary(VerifyRequestSchema, data).requestId)?.id ?? null
  } catch (error) {
    pool.log.error({ err: error }, 'a dead letter cannot be read')
    return null
  }
}
