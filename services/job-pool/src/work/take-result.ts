import { fromBinary } from '@bufbuild/protobuf'
import { MAX_OUTPUT_TEXT_BYTES } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { findProfile } from '@camelid/engine'
import { type Failure, type Output, type WorkResult, WorkResultSchema } from '@camelid/proto/work/v1/work_pb'
import { coversGenerator } from '../accept/decide-service.ts'
import type { Pool } from '../pool.ts'
import { type JobRecord, loadJob } from '../store/jobs.ts'
import { isEnded } from '../store/state.ts'
import { loadWork, type StoredOutput, storeOutput, type WorkRecord } from '../store/work.ts'
import { failWork } from './stop-work.ts'
import { tryAgain } from './try-again.ts'

/** Takes what a worker sent; anything that does not fit a job in its queue is dropped, so a repeated result does nothing. */
export async function takeResult(pool: Pool, data: Uint8Array): Promise<void> {
  const message = parse(pool, data)
  if (message === null) return
  const hex = bytesToHex(message.jobId)
  await pool.locks.run(hex, async () => {
    const record = await loadJob(pool.sql, message.jobId)
    const work = record === null ? null : await loadWork(pool.sql, record.id)
    if (record === null || work === null || work.stage !== 'queued' || isEnded(record.state)) return
    if (message.result.case === 'output') await takeOutput(pool, { record, work }, message.result.value, message.worker)
    else if (message.result.case === 'failure') await takeFailure(pool, { record, work }, message.result.value)
    pool.driver.wake(hex)
  })
}

function parse(pool: Pool, data: Uint8Array): WorkResult | null {
  try {
    const message = fromBinary(WorkResultSchema, data)
    return message.jobId.length === 32 ? message : null
  } catch (error) {
    pool.log.error({ err: error }, 'a worker sent what is no result')
    return null
  }
}

type Held = { readonly record: JobRecord; readonly work: WorkRecord }

async function takeOutput(pool: Pool, { record }: Held, output: Output, worker: string): Promise<void> {
  const fault = faultOf(pool, record, output)
  if (fault !== null) return await failWork(pool, record, fault)
  const stored: StoredOutput = {
    tokenIds: output.tokenIds,
    text: Uint8Array.from(output.text),
    engine: output.engine,
    backend: output.backend,
    worker: worker.slice(0, 128),
    generateUs: output.generateUs,
  }
  pool.speed.learn(record.job.modelSha256, output.tokenIds.length, output.generateUs + output.prefillUs)
  await storeOutput(pool.sql, record.id, stored, pool.config.SELF_CHECK ? 'checking' : 'checked')
}

/** Why an output cannot be committed to, or null. */
function faultOf(pool: Pool, record: JobRecord, output: Output): string | null {
  const { job } = record
  if (output.tokenIds.length < 1 || output.tokenIds.length > job.maxTokens) return 'BAD_OUTPUT: wrong number of tokens'
  if (output.text.length > MAX_OUTPUT_TEXT_BYTES) return 'BAD_OUTPUT: the text is too long'
  const sha256 = bytesToHex(job.modelSha256)
  const profile = findProfile(pool.registry, sha256, bytesToHex(job.profileSha256))
  if (profile === undefined || !coversGenerator(profile, sha256, output)) {
    return `PROFILE_NOT_FOR_US: the noise profile does not speak of ${output.engine} on ${output.backend}`
  }
  return null
}

async function takeFailure(pool: Pool, { record, work }: Held, failure: Failure): Promise<void> {
  const reason = `${failure.code}: ${failure.detail}`.slice(0, 500)
  if (failure.retryable && (await tryAgain(pool, record, work, reason))) return
  await failWork(pool, record, reason)
}
