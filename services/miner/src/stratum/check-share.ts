import { hashToNumber } from '@camelid/consensus'
import { bytesToHex, sha256d } from '@camelid/crypto'
import { headerFor } from '../work/template.ts'
import { type StratumJob, shareTarget } from './job.ts'
import { StratumError } from './stratum-error.ts'

const NONCE_AT = 76

/** What a miner found, as numbers and bytes. */
export interface Share {
  /** Both parts, 8 bytes. */
  readonly extraNonce: Buffer
  /** Unix seconds. */
  readonly time: number
  readonly nonce: number
}

export interface CheckedShare {
  /** 80 bytes. */
  readonly header: Uint8Array
  /** As the template's coinbase takes it. */
  readonly extraNonce: bigint
  /** Hex of the header's hash: the same share has the same. */
  readonly key: string
  /** It meets the network's target. */
  readonly isBlock: boolean
}

/**
 * Makes the header of a share and judges it.
 * @param seen whether this hash was handed in before
 * @param nowMs by the same clock as the job's receivedMs
 * @throws StratumError TIME_OUT_OF_RANGE, DUPLICATE_SHARE, LOW_DIFFICULTY
 */
export function checkShare(
  job: StratumJob,
  share: Share,
  { seen, nowMs }: { readonly seen: (key: string) => boolean; readonly nowMs: number },
): CheckedShare {
  const { work } = job
  const latest = work.maxTime + Math.floor((nowMs - job.receivedMs) / 1_000)
  if (share.time < work.minTime || share.time > latest) {
    throw new StratumError('TIME_OUT_OF_RANGE', `ntime ${share.time} is not from ${work.minTime} to ${latest}`)
  }
  const extraNonce = share.extraNonce.readBigUInt64LE()
  const header = headerFor(work, extraNonce, share.time)
  new DataView(header.buffer).setUint32(NONCE_AT, share.nonce, true)
  const hash = sha256d(header)
  const key = bytesToHex(hash)
  if (seen(key)) throw new StratumError('DUPLICATE_SHARE', 'this share was handed in before')
  const value = hashToNumber(hash)
  if (value > shareTarget(job))
    throw new StratumError('LOW_DIFFICULTY', `the hash is above the target of difficulty ${job.difficulty}`)
  return { header, extraNonce, key, isBlock: value <= hashToNumber(work.target) }
}
