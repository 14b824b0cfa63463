import { encodeOutPoint, type Job, type Transaction } from '@camelid/codec'
import { bytesToHex, sha256 } from '@camelid/crypto'
import { checkCoinSignatures, checkFunding } from '@camelid/job'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { countKeptAbout, keepMessage } from '../store/kept-messages.ts'
import { spentOutputs } from './spent-outputs.ts'

/** Rivals for one outpoint that are kept and passed on: one shows that the client contradicts itself. */
const MAX_RIVALS = 2

/**
 * A second job on one outpoint: the first seen stands here, the other is kept and passed on, the chain decides (protocol
 * §6). Only where its F is signed by the owner of the coins: nobody else can set the pools against each other.
 */
export async function keepRival(
  pool: Pool,
  entry: { readonly job: Job; readonly funding: Transaction; readonly payload: Uint8Array; readonly seenMs: number },
  rival: Uint8Array,
): Promise<Judgement> {
  const { job, funding, payload, seenMs } = entry
  const about = encodeOutPoint(job.fundingOutpoint)
  const detail = `its funding outpoint backs job ${bytesToHex(rival)} already: fund it with other coins`
  if ((await countKeptAbout(pool.sql, about)) >= MAX_RIVALS) return ignore('OUTPOINT_IN_USE', detail)
  const spent = await spentOutputs(pool, funding)
  checkFunding(funding, job, pool.params, spent)
  checkCoinSignatures(
    funding,
    spent.map(({ scriptPubKey }) => scriptPubKey),
  )
  await keepMessage(pool.sql, { kind: MessageType.JOB, hash: sha256(payload), payload, about, nowMs: seenMs })
  return ok('OUTPOINT_IN_USE', detail)
}
