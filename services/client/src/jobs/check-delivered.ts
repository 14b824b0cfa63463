import { decodeCommitment, decodeDelivery } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { openDelivery } from '@camelid/job'
import { checkEscalating, type Engine, type Evidence, NO_EVIDENCE, weighAnswers, weighMargins } from '@camelid/rastic'
import { checkOutsourced } from '../checks/check-outsourced.ts'
import { neighbourReport, openReport, ownReport, type StoredReport } from '../checks/stored-report.ts'
import { modelOf } from '../nodes/standings.ts'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

/** A report, and what it says of nodes; to be kept in one transaction. */
interface Checked {
  readonly report: StoredReport
  /** Of the node that made the output. */
  readonly evidence: Evidence
  /** What the neighbours' answers say of them. */
  readonly note?: () => void
}

/**
 * Runs RASTiC over a delivered output, and keeps the report with it, whatever the verdict: over all positions where the model is
 * here, and once more token by token where that leaves the matter open; else by asking neighbours.
 */
export async function checkDelivered(context: JobContext, live: LiveJob): Promise<void> {
  if (live.checking || live.row.report !== null || live.row.output === null) return
  live.checking = true
  try {
    const { maker, checked } = await check(context, live)
    if (context.signal.aborted) return
    const { report, evidence, note } = checked
    step(context, live, {
      stage: 'checked',
      changes: { report: JSON.stringify(report), checked_ms: context.nowMs() },
      also: () => {
        if (report.verdict !== 'UNCHECKED') context.standings.noteCheck(maker, report.verdict, evidence)
        note?.()
      },
    })
  } finally {
    live.checking = false
  }
}

type Delivered = ReturnType<typeof openDelivered>

function openDelivered({ keys }: JobContext, { row, job }: LiveJob) {
  if (row.commitment === null || row.delivery === null) throw new Error('a job without delivery cannot be checked')
  const { statement, hash } = decodeCommitment(row.commitment)
  const opened = openDelivery({
    delivery: decodeDelivery(row.delivery).statement,
    commitment: { ...statement, hash },
    job,
    clientSecret: keys.privateKey,
  })
  return { statement, opened }
}

async function check(context: JobContext, live: LiveJob): Promise<{ maker: Uint8Array; checked: Checked }> {
  const { library, signal } = context
  const delivered = openDelivered(context, live)
  const maker = delivered.statement.nodeKey
  try {
    using borrowed = await library.borrow(live.row.modelSha256)
    const checked =
      borrowed === undefined
        ? await checkByOthers(context, live, delivered)
        : await checkHere(context, live, delivered, borrowed.engine)
    return { maker, checked }
  } catch (error) {
    signal.throwIfAborted()
    context.log.error({ jobId: live.id, err: error }, 'the check failed')
    const reason = `the check itself failed: ${error instanceof Error ? error.message : String(error)}`
    return { maker, checked: { report: openReport('self', reason), evidence: NO_EVIDENCE } }
  }
}

async function checkHere(
  context: JobContext,
  { row, job }: LiveJob,
  { statement, opened }: Delivered,
  engine: Engine,
): Promise<Checked> {
  const profile = profileOf(context, row, job)
  const report = await checkEscalating({
    engine,
    job,
    jobId: row.jobId,
    tokenIds: opened.tokenIds,
    text: opened.text,
    profile,
    generator: { engine: statement.engine, backend: statement.backend },
    positions: 'all',
    signal: context.signal,
  })
  const model = profile === undefined ? undefined : modelOf(profile)
  const margins = report.positions.map(({ margin }) => margin)
  return { report: ownReport(report), evidence: model === undefined ? NO_EVIDENCE : weighMargins(model, margins) }
}

async function checkByOthers(
  context: JobContext,
  { row, job }: LiveJob,
  { statement, opened }: Delivered,
): Promise<Checked> {
  const { standings, outsourcing } = context
  const missing = `the model ${row.modelName} is not here: put it into MODELS_DIR`
  const open = (reason: string): Checked => ({
    report: openReport('neighbours', `${missing}; ${reason}`),
    evidence: NO_EVIDENCE,
  })
  if (outsourcing === undefined) return open('neighbours are not asked, as OUTSOURCE_CHECKS says')
  const profile = profileOf(context, row, job)
  if (profile === undefined) return open('without the noise profile of the job nobody can judge it')
  const startMs = performance.now()
  const found = await checkOutsourced({ ...context, ...outsourcing }, statement.nodeKey, {
    jobId: row.jobId,
    modelSha256: job.modelSha256,
    tokenIds: opened.tokenIds,
    text: opened.text,
    maxTokens: job.maxTokens,
    profile,
    engine: statement.engine,
    backend: statement.backend,
  })
  const model = modelOf(profile)
  const matches = found.positionsChecked - found.misses
  const report = neighbourReport(found, Math.round((performance.now() - startMs) * 1_000))
  return {
    report:
      report.verdict === 'INCONCLUSIVE'
        ? { ...report, reason: `${missing}, or connect to more nodes: ${report.reason}` }
        : report,
    evidence: model === undefined ? NO_EVIDENCE : weighAnswers(model, { matches, misses: found.misses }),
    note: () => {
      for (const [peer, votes] of found.votes) standings.noteVotes(peer.connection.peerKey, votes, profile)
    },
  }
}

function profileOf({ library }: JobContext, row: LiveJob['row'], job: LiveJob['job']) {
  return library.profile(row.modelSha256, bytesToHex(job.profileSha256))
}
