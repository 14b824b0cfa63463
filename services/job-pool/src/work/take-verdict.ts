import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { Verdict, type VerifyResult, VerifyResultSchema } from '@camelid/proto/work/v1/work_pb'
import type { Pool } from '../pool.ts'
import { loadJob } from '../store/jobs.ts'
import { isEnded } from '../store/state.ts'
import { loadWork, setWorkStage } from '../store/work.ts'
import { jobOfSelfCheck } from './enqueue.ts'
import { failWork } from './stop-work.ts'
import { tryAgain } from './try-again.ts'

/** Takes a verifier's word on an output of ours: only what it found VALID is committed to. */
export async function takeVerdict(pool: Pool, data: Uint8Array): Promise<void> {
  const message = parse(pool, data)
  const check = message === null ? null : jobOfSelfCheck(message.requestId)
  if (message === null || check === null) return
  const hex = bytesToHex(check.id)
  await pool.locks.run(hex, async () => {
    const record = await loadJob(pool.sql, check.id)
    const work = record === null ? null : await loadWork(pool.sql, check.id)
    if (record === null || work === null || work.stage !== 'checking' || isEnded(record.state)) return
    if (work.attempt !== check.attempt) return
    if (message.verdict === Verdict.VALID && message.failure === undefined) {
      await setWorkStage(pool.sql, record.id, 'checked')
    } else {
      const reason = reasonOf(message)
      if (!(await tryAgain(pool, record, work, reason))) await failWork(pool, record, reason)
    }
    pool.driver.wake(hex)
  })
}

function reasonOf({ verdict, reason, failure }: VerifyResult): string {
  if (failure !== undefined) return `SELF_CHECK_FAILED: ${failure.code}: ${failure.detail}`.slice(0, 500)
  const name = verdict === Verdict.INVALID ? 'SELF_CHECK_INVALID' : 'SELF_CHECK_INCONCLUSIVE'
  return `${name}: ${reason}`.slice(0, 500)
}

function parse(pool: Pool, data: Uint8Array): VerifyResult | null {
  try {
    return fromBinary(VerifyResultSchema, data)
  } catch (error) {
    pool.log.error({ err: error }, 'a verifier sent what is no result')
    return null
  }
}
