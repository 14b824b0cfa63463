import { checkShare, type Share } from '../check-share.ts'
import { EXTRA_NONCE_2_BYTES, type StratumJob } from '../job.ts'
import { hexParam, shown, stringParam } from '../messages.ts'
import type { Session } from '../session.ts'
import { StratumError } from '../stratum-error.ts'

const MAX_NAME_LENGTH = 128
const MAX_JOB_ID_LENGTH = 32

/**
 * mining.submit(worker, job, extranonce2, ntime, nonce): a share, which may be a block.
 * @throws StratumError NOT_SUBSCRIBED, UNAUTHORIZED, BAD_REQUEST, JOB_NOT_FOUND, TIME_OUT_OF_RANGE, DUPLICATE_SHARE, LOW_DIFFICULTY
 */
export function submit(session: Session, params: readonly unknown[]): true {
  const { host } = session
  try {
    const job = findJob(session, params)
    const seen = (key: string) => session.hasSeen(key)
    const share = checkShare(job, readShare(session, params), { seen, nowMs: host.nowMs() })
    session.noteShare(job, share.key)
    host.onShare('accepted', job.difficulty)
    if (share.isBlock) host.onBlock(job, share)
    return true
  } catch (error) {
    if (error instanceof StratumError) host.onShare(error.code, 0)
    throw error
  }
}

function findJob(session: Session, [worker, jobId]: readonly unknown[]): StratumJob {
  if (!session.subscribed) throw new StratumError('NOT_SUBSCRIBED', 'mining.subscribe comes first')
  const name = stringParam(worker, MAX_NAME_LENGTH, 'worker')
  if (!session.workers.has(name))
    throw new StratumError('UNAUTHORIZED', `"${shown(name)}" was not authorized: mining.authorize comes first`)
  const id = stringParam(jobId, MAX_JOB_ID_LENGTH, 'job')
  const job = session.findJob(id)
  if (job === undefined) throw new StratumError('JOB_NOT_FOUND', `job ${shown(id)} is stale or never was`)
  return job
}

function readShare(session: Session, [, , extraNonce2, time, nonce]: readonly unknown[]): Share {
  const ours = session.host.extraNonce1
  return {
    extraNonce: Buffer.concat([ours, hexParam(extraNonce2, EXTRA_NONCE_2_BYTES, 'extranonce2')]),
    time: hexParam(time, 4, 'ntime').readUInt32BE(),
    nonce: hexParam(nonce, 4, 'nonce').readUInt32BE(),
  }
}
