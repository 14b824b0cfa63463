import { decodeCommitment, decodeDelivery, decodeJob, encodeOpening } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { openDelivery } from '@camelid/job'
import { ClientError } from '../errors.ts'
import type { JobRow } from '../store/jobs.ts'

/** All that someone else needs to check an output as we did; bytes in hex, statements with their signatures. */
export interface OpenedJob {
  readonly jobId: string
  readonly job: string
  readonly commitment: string
  /** The plaintext of the delivery: tokens, text and salt (protocol: Job, outputHash). */
  readonly opening: string
}

/** What GET /jobs/:id/opening tells. Errors: NOT_DELIVERED. */
export function openedJob(row: JobRow, clientSecret: Uint8Array): OpenedJob {
  if (row.commitment === null || row.delivery === null || row.output === null) {
    throw new ClientError(
      'NOT_DELIVERED',
      `no output of job ${bytesToHex(row.jobId)} is here that opens its commitment: it is ${row.stage}`,
    )
  }
  const { statement, hash } = decodeCommitment(row.commitment)
  const opened = openDelivery({
    delivery: decodeDelivery(row.delivery).statement,
    commitment: { ...statement, hash },
    job: decodeJob(row.job),
    clientSecret,
  })
  return {
    jobId: bytesToHex(row.jobId),
    job: bytesToHex(row.job),
    commitment: bytesToHex(row.commitment),
    opening: bytesToHex(encodeOpening(opened)),
  }
}
