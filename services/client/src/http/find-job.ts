import { hexToBytes } from '@camelid/crypto'
import type { Client } from '../client.ts'
import { ClientError } from '../errors.ts'
import type { JobRow } from '../store/jobs.ts'
import { jobParams } from './schemas.ts'

/** The job that a path names. Errors: BAD_REQUEST (by zod), JOB_NOT_FOUND. */
export function findJob({ context }: Client, params: unknown): JobRow {
  const { id } = jobParams.parse(params)
  const row = context.jobs.get(hexToBytes(id))
  if (row === undefined) throw new ClientError('JOB_NOT_FOUND', `no job ${id} is in this wallet: GET /jobs lists them`)
  return row
}
