import { decodeCommitment, decodeDelivery } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { openDelivery } from '@camelid/job'
import { type CheckReport, checkOutput } from '@camelid/rastic'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

/** What is kept of a check. UNCHECKED: the model is not here. A margin is null where no number is large enough. */
export type StoredReport = Omit<CheckReport, 'verdict' | 'maxMargin' | 'positions'> & {
  readonly verdict: CheckReport['verdict'] | 'UNCHECKED'
  readonly maxMargin: number | null
  /** Only positions that are no match, the first hundred. */
  readonly positions: readonly Record<string, number | string | null>[]
}

const MAX_POSITIONS = 100

/**
 * Runs RASTiC over all positions of a delivered output, and keeps the report with it, whatever the verdict. Where the model
 * is not here the output stands unchecked and says so.
 */
export async function checkDelivered(context: JobContext, live: LiveJob): Promise<void> {
  if (live.checking || live.row.report !== null || live.row.output === null) return
  live.checking = true
  try {
    const report = await check(context, live)
    if (context.signal.aborted) return
    step(context, live, {
      stage: 'checked',
      changes: { report: JSON.stringify(report), checked_ms: context.nowMs() },
    })
  } finally {
    live.checking = false
  }
}

async function check(context: JobContext, live: LiveJob): Promise<StoredReport> {
  const { library, keys, signal } = context
  const { row, job } = live
  if (row.commitment === null || row.delivery === null) throw new Error('a job without delivery cannot be checked')
  const engine = await library.engine(row.modelSha256)
  if (engine === undefined) return unchecked(`the model ${row.modelName} is not here: put it into MODELS_DIR`)
  const { statement, hash } = decodeCommitment(row.commitment)
  const opened = openDelivery({
    delivery: decodeDelivery(row.delivery).statement,
    commitment: { ...statement, hash },
    job,
    clientSecret: keys.privateKey,
  })
  try {
    const report = await checkOutput({
      engine,
      job,
      jobId: row.jobId,
      tokenIds: opened.tokenIds,
      text: opened.text,
      profile: library.profile(row.modelSha256, bytesToHex(job.profileSha256)),
      generator: { engine: statement.engine, backend: statement.backend },
      positions: 'all',
      signal,
    })
    return toStored(report)
  } catch (error) {
    signal.throwIfAborted()
    context.log.error({ jobId: live.id, err: error }, 'the check failed')
    return {
      ...unchecked(`the check itself failed: ${error instanceof Error ? error.message : String(error)}`),
      verdict: 'INCONCLUSIVE',
    }
  }
}

function toStored(report: CheckReport): StoredReport {
  return {
    ...report,
    maxMargin: finite(report.maxMargin),
    positions: report.positions
      .filter(({ kind }) => kind !== 'match')
      .slice(0, MAX_POSITIONS)
      .map((position) => ({ ...position, margin: finite(position.margin) })),
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

function unchecked(reason: string): StoredReport {
  return {
    verdict: 'UNCHECKED',
    reason,
    positionsChecked: 0,
    misses: 0,
    nearTies: 0,
    maxMargin: 0,
    firstDivergence: -1,
    honestProbability: 1,
    positions: [],
    verifyUs: 0,
  }
}
