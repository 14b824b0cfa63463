import { fromBinary } from '@bufbuild/protobuf'
import { type Commitment, decodeCommitment } from '@camelid/codec'
import type { NetworkParams } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import { findProfile } from '@camelid/engine'
import { CommitmentSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { coversGenerator } from '../accept/decide-service.ts'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import { statementsOfKind } from '../store/statements.ts'

/** Blocks by which the client's tip may be behind ours. */
const LAG_BLOCKS = 2

/** Whether H is where a client pays for it (protocol §6), by a tip that may be ahead of the client's. */
export function isInWindow(height: number, tipHeight: number, params: NetworkParams): boolean {
  const ahead = height - tipHeight
  return ahead >= params.delayMin && ahead <= params.delayMax + LAG_BLOCKS
}

/**
 * Whether another node's commitment stands that the client may pay. One that nobody will pay, or that nobody has paid in
 * time, stops nobody else: whoever makes it costs the job time, never the job (protocol §6, Lease).
 */
export async function hasPayableRival(pool: Pool, record: JobRecord): Promise<boolean> {
  const held = await statementsOfKind(pool.sql, record.id, MessageType.COMMITMENT)
  if (held.length === 0) return false
  const tipHeight = pool.tip.height
  if (tipHeight === null) return true
  return held.some(({ payload }) => {
    const { statement } = decodeCommitment(fromBinary(CommitmentSchema, payload).statement)
    return isInWindow(statement.height, tipHeight, pool.params) && isJudgeable(pool, record, statement)
  })
}

/** A client pays for no output that nobody could judge by the job's noise profile. */
function isJudgeable({ registry }: Pool, { job }: JobRecord, commitment: Commitment): boolean {
  const model = bytesToHex(job.modelSha256)
  const profile = findProfile(registry, model, bytesToHex(job.profileSha256))
  return profile === undefined || coversGenerator(profile, model, commitment)
}
