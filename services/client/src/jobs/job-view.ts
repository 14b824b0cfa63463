import { decodeCommitment, decodeJob, displayHash, encodeAddress } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { StoredReport } from '../checks/stored-report.ts'
import type { Parts } from '../parts.ts'
import type { JobRow } from '../store/jobs.ts'
import type { Stage } from './stage.ts'

/** What GET /jobs tells of each job. */
export interface JobSummary {
  readonly jobId: string
  readonly state: Stage
  readonly model: string
  /** Unix milliseconds. */
  readonly createdMs: number
  readonly tokens: number
  readonly reward: string
  readonly fee: string
  readonly verdict?: string
  readonly checkedBy?: 'self' | 'neighbours'
  readonly error?: { readonly code: string; readonly message: string }
}

/** What GET /jobs/:id tells; amounts in base units as strings. */
export interface JobDetail extends JobSummary {
  readonly input: string
  readonly events: readonly { readonly stage: Stage; readonly at: number }[]
  /** The text, once it was paid for and opened. */
  readonly output?: string
  readonly receipt?: Receipt
}

/** What was bought, from whom, for how much, and how it was checked. */
export interface Receipt {
  readonly jobId: string
  readonly model: string
  readonly modelSha256: string
  readonly input: string
  readonly output: string
  readonly tokens: number
  readonly maxTokens: number
  readonly temperature: number
  readonly seed: string
  readonly node: string
  readonly nodeKey: string
  readonly txid: string
  readonly blockHash: string | null
  readonly height: number | null
  readonly confirmations: number
  readonly reward: string
  readonly fee: string
  readonly verdict: string
  /** Whether our own copy of the model checked it, or nodes that have the model, and how many of these. */
  readonly checkedBy: 'self' | 'neighbours'
  readonly neighbours: number
  readonly positionsChecked: number
  readonly misses: number
  readonly nearTies: number
  readonly maxMargin: number | null
  readonly firstDivergence: number
  readonly reason: string
  /** Positions that were no match: index, claimed and expected token, margin in logit units. */
  readonly positions: StoredReport['positions']
  readonly verifyMs: number
  /** From posting the job to its commitment, and to holding the checked output. */
  readonly generateMs: number
  readonly latencyMs: number
  readonly balances: {
    readonly before: { readonly client: string; readonly node: string | null }
    readonly after: { readonly client: string | null; readonly node: string | null }
  }
}

type Chain = Pick<Parts['chain'], 'tip' | 'isBest'>

export function jobSummary(row: JobRow): JobSummary {
  const report = readReport(row)
  return {
    jobId: bytesToHex(row.jobId),
    state: row.stage,
    model: row.modelName,
    createdMs: row.createdMs,
    tokens: row.tokens,
    reward: decodeJob(row.job).reward.toString(),
    fee: row.feePaid.toString(),
    ...(report !== undefined && { verdict: report.verdict, checkedBy: report.checkedBy ?? 'self' }),
    ...(row.reason !== '' && { error: readReason(row.reason) }),
  }
}

export function jobDetail(
  row: JobRow,
  { events, chain }: { events: readonly { stage: Stage; atMs: number }[]; chain: Chain },
): JobDetail {
  const receipt = receiptOf(row, chain)
  return {
    ...jobSummary(row),
    input: inputText(row),
    events: events.map(({ stage, atMs }) => ({ stage, at: atMs })),
    ...(row.output !== null && { output: row.output }),
    ...(receipt !== undefined && { receipt }),
  }
}

/** The receipt, from the moment there is a checked output. */
export function receiptOf(row: JobRow, chain: Chain): Receipt | undefined {
  const report = readReport(row)
  if (report === undefined || row.commitment === null || row.paymentTxid === null || row.output === null)
    return undefined
  const job = decodeJob(row.job)
  const { nodeKey, rewardHash } = decodeCommitment(row.commitment).statement
  const isMined = row.blockHash !== null && row.height !== null && chain.isBest(row.blockHash)
  const { balanceBefore, balanceAfter, nodeBalanceBefore, nodeBalanceAfter } = row
  return {
    jobId: bytesToHex(row.jobId),
    model: row.modelName,
    modelSha256: row.modelSha256,
    input: inputText(row),
    output: row.output,
    tokens: row.tokens,
    maxTokens: job.maxTokens,
    temperature: job.temperatureMilli / 1_000,
    seed: job.seed.toString(),
    node: encodeAddress(rewardHash),
    nodeKey: bytesToHex(nodeKey),
    txid: displayHash(row.paymentTxid),
    blockHash: isMined && row.blockHash !== null ? displayHash(row.blockHash) : null,
    height: isMined ? row.height : null,
    confirmations: isMined && row.height !== null ? chain.tip.height - row.height + 1 : 0,
    reward: job.reward.toString(),
    fee: row.feePaid.toString(),
    verdict: report.verdict,
    checkedBy: report.checkedBy ?? 'self',
    neighbours: report.neighbours ?? 0,
    positionsChecked: report.positionsChecked,
    misses: report.misses,
    nearTies: report.nearTies,
    maxMargin: report.maxMargin,
    firstDivergence: report.firstDivergence,
    reason: report.reason,
    positions: report.positions,
    verifyMs: Math.round(report.verifyUs / 10) / 100,
    generateMs: (row.committedMs ?? row.createdMs) - row.createdMs,
    latencyMs: (row.checkedMs ?? row.createdMs) - row.createdMs,
    balances: {
      before: { client: balanceBefore.toString(), node: nodeBalanceBefore?.toString() ?? null },
      after: { client: balanceAfter?.toString() ?? null, node: nodeBalanceAfter?.toString() ?? null },
    },
  }
}

function readReport(row: JobRow): StoredReport | undefined {
  // Written by check-delivered.ts alone, so its form is known.
  return row.report === null ? undefined : (JSON.parse(row.report) as StoredReport)
}

function readReason(reason: string): { code: string; message: string } {
  const [, code = 'JOB_FAILED', message = reason] = /^([A-Z][A-Z0-9_]+): (.*)$/s.exec(reason) ?? []
  return { code, message }
}

function inputText(row: JobRow): string {
  return decodeJob(row.job)
    .input.map(({ text }) => text)
    .join('')
}
