import { decodeJob, decodeTransaction, type Job, type Transaction } from '@camelid/codec'
import type { NetworkParams } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import { type Deadlines, deadlines } from '@camelid/job'
import type { JobRow } from '../store/jobs.ts'
import { Serial } from './serial.ts'

/** Pieces of work that may wait on one job; beyond it messages are let go, and come again. */
const MAX_QUEUE = 256

/** A job under way: what is on disk (`row`), what follows from it, and what may be forgotten at a restart. */
export interface LiveJob {
  readonly id: string
  row: JobRow
  readonly job: Job
  readonly funding: Transaction
  readonly deadlines: Deadlines
  readonly serial: Serial
  /** Nodes whose acceptance we saw, by key in hex. */
  readonly nodes: Set<string>
  /** Commitments that name a block too far ahead of our tip; judged again at the next header. */
  early: Uint8Array[]
  /** Bad commitments of each node, by its key in hex. */
  readonly refused: Map<string, number>
  /** Why the last commitment or refusal came to nothing, for whoever asks why a job expired. */
  lastRefusal: string
  /** Unix milliseconds of the last sending of the step we wait on, and of the last question for statements. */
  sentMs: number
  askedMs: number
  /** When P was last looked for in the chain. */
  trackedMs: number
  /** How often each was sent. */
  jobSends: number
  paymentSends: number
  checking: boolean
}

export function liveJob(row: JobRow, params: NetworkParams): LiveJob {
  const job = decodeJob(row.job)
  return {
    id: bytesToHex(row.jobId),
    row,
    job,
    funding: decodeTransaction(row.funding),
    deadlines: deadlines(params, job),
    serial: new Serial(MAX_QUEUE),
    nodes: new Set(),
    early: [],
    refused: new Map(),
    lastRefusal: '',
    sentMs: 0,
    askedMs: 0,
    trackedMs: 0,
    jobSends: 0,
    paymentSends: 0,
    checking: false,
  }
}
