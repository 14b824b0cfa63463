import { decodeTransaction, encodeTransaction } from '@camelid/codec'
import { hashToNumber, p2pkhScript } from '@camelid/consensus'
import { bytesToHex, concatBytes } from '@camelid/crypto'
import type { BlockTemplate } from '../chain/fetch-template.ts'
import type { Template } from '../work/template.ts'
import { difficultyOf, targetOf } from './difficulty.ts'

/** The extra nonce of 8 bytes is half ours, one value a connection, and half the miner's. */
export const EXTRA_NONCE_1_BYTES = 4
export const EXTRA_NONCE_2_BYTES = 4

/** A template with one miner's coinbase, at one difficulty. */
export interface StratumJob {
  /** Names it on its connection. */
  readonly id: string
  readonly work: Template
  readonly transactions: readonly Uint8Array[]
  /** At most that of the network, or blocks would be kept back. */
  readonly difficulty: number
  /** When its template came, by a clock that only goes forward, in milliseconds. */
  readonly receivedMs: number
}

/** @param wanted difficulty of a share */
export function makeJob(job: {
  readonly id: string
  readonly template: BlockTemplate
  readonly payoutH2: Uint8Array
  readonly wanted: number
  readonly receivedMs: number
}): StratumJob {
  const { id, template, payoutH2, wanted, receivedMs } = job
  const { work, transactions } = template
  const difficulty = Math.min(wanted, difficultyOf(hashToNumber(work.target)))
  return { id, work: payTo(work, payoutH2), transactions, difficulty, receivedMs }
}

/** The target of a share: never below that of a block, however the difficulty was rounded. */
export function shareTarget({ work, difficulty }: Pick<StratumJob, 'work' | 'difficulty'>): bigint {
  const block = hashToNumber(work.target)
  const share = targetOf(difficulty)
  if (share < block) return block
  return share
}

/**
 * The parameters of mining.notify. Miners read prevhash as eight words with their bytes swapped, and version, bits and
 * time as big-endian numbers; the rest is as it is hashed. The end of our coinbase, lockTime and jobId, is in coinbase2.
 */
export function notifyParams({ id, work }: StratumJob, time: number, cleanJobs: boolean): unknown[] {
  const { header, coinbasePrefix, coinbaseSuffix, merkleBranch } = work
  const branch = merkleBranch.map((hash) => bytesToHex(hash))
  return [
    id,
    bytesToHex(swapWords(header.subarray(4, 36))),
    bytesToHex(coinbasePrefix),
    bytesToHex(coinbaseSuffix),
    branch,
    bytesToHex(header.slice(0, 4).reverse()),
    bytesToHex(header.slice(72, 76).reverse()),
    time.toString(16).padStart(8, '0'),
    cleanJobs,
  ]
}

/** The same template, its reward paid to somebody else. */
function payTo(work: Template, payoutH2: Uint8Array): Template {
  const { coinbasePrefix, coinbaseSuffix } = work
  const extraNonce = new Uint8Array(EXTRA_NONCE_1_BYTES + EXTRA_NONCE_2_BYTES)
  const coinbase = decodeTransaction(concatBytes(coinbasePrefix, extraNonce, coinbaseSuffix))
  const [reward, ...others] = coinbase.vout
  if (reward === undefined) throw new Error('the coinbase of the template pays nothing')
  const vout = [{ ...reward, scriptPubKey: p2pkhScript(payoutH2) }, ...others]
  const bytes = encodeTransaction({ ...coinbase, vout })
  return { ...work, coinbaseSuffix: bytes.slice(coinbasePrefix.length + extraNonce.length) }
}

function swapWords(bytes: Uint8Array): Uint8Array {
  const swapped = Buffer.from(bytes)
  swapped.swap32()
  return swapped
}
