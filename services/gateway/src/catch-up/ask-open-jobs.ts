import { bytesToHex } from '@camelid/crypto'
import { P2pError, questions, request } from '@camelid/p2p'
import { JobState } from '@camelid/proto/jobpool/v1/job_pool_pb'
import type { LruMap } from '../lru-map.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { MAX_OPEN_JOBS } from '../questions/get-open-jobs.ts'
import { type Budget, fetchJob } from './fetch-job.ts'

/** For each answer of a peer. */
const ANSWER_MS = 5_000
/** For all that one peer tells at once: others wait for it. */
const ROUND_MS = 20_000
const MAX_JOBS = 64
const MAX_BYTES = 16 * 1024 * 1024
/** A job that was not taken may be taken later, once our chain knows its coins; not for ever. */
const MAX_TRIES = 8
const BAD_SCORE = 20
/** It may have forgotten the job that it told of a moment ago. */
const NOT_HELD_SCORE = 10

/**
 * Asks a peer which jobs are open, and fetches those that our job-pool misses, within bounds; never rejects. A peer that does not answer
 * costs a line in the log, one that tells rubbish is charged.
 * @param tried how often the peer told a job in one state, by both
 */
export async function askOpenJobs(parts: GatewayParts, peer: Peer, tried: LruMap<string, number>): Promise<void> {
  const budget: Budget = { endMs: performance.now() + ROUND_MS, jobs: MAX_JOBS, bytes: MAX_BYTES }
  try {
    for (const { jobId, state } of await missingJobs(parts, peer)) {
      const key = `${bytesToHex(jobId)}:${state}`
      const tries = tried.get(key) ?? 0
      if (tries >= MAX_TRIES) continue
      if (budget.jobs === 0 || budget.bytes <= 0 || performance.now() > budget.endMs) break
      tried.set(key, tries + 1)
      if (!(await fetchJob(parts, peer, { jobId, budget, timeoutMs: ANSWER_MS }))) break
    }
  } catch (error) {
    if (isNotHeld(error)) parts.charge(peer, NOT_HELD_SCORE, 'BAD_OPEN_JOBS: tells of a job that it does not have')
    if (!parts.signal.aborted) parts.log.debug({ err: error, peer: peer.h2Hex }, 'a peer told no more of open jobs')
  }
  const fetched = MAX_JOBS - budget.jobs
  if (fetched > 0) parts.log.info({ peer: peer.h2Hex, jobs: fetched }, 'took jobs that this node missed from a peer')
}

/** @throws P2pError, RpcError */
async function missingJobs(parts: GatewayParts, peer: Peer) {
  const { owners, signal } = parts
  const { jobs } = await request(peer.connection, questions.openJobs, {}, { timeoutMs: ANSWER_MS, signal })
  if (jobs.length > MAX_OPEN_JOBS || jobs.some(({ jobId }) => jobId.length !== 32)) {
    parts.charge(peer, BAD_SCORE, 'BAD_OPEN_JOBS: too many jobs, or no ids of jobs')
    return []
  }
  if (jobs.length === 0) return []
  const told = jobs.map(({ jobId, state }) => ({ jobId, state: knownState(state) }))
  return (await owners.jobPool.findMissing({ jobs: told }, { signal })).jobs
}

/** The state that a number stands for, as far as this version knows it. */
function knownState(state: number): JobState {
  return Object.values(JobState).find((known) => known === state) ?? JobState.UNSPECIFIED
}

function isNotHeld(error: unknown): boolean {
  return error instanceof P2pError && error.code === 'REFUSED' && error.data.code === 'NOT_FOUND'
}
