import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { AnySql } from '@camelid/store'

/** A payment in a block of the best chain. */
export type MinedPayment = { readonly txid: Uint8Array; readonly hash: Uint8Array; readonly height: number }

/** One query: the job's payment is in this block. */
export async function setMined(sql: AnySql, jobId: Uint8Array, mined: MinedPayment): Promise<void> {
  await sql`
    update jobs set mined_hash = ${mined.hash}, mined_height = ${mined.height}, mined_txid = ${mined.txid}
    where job_id = ${jobId}`
}

/** One query: the block is no longer on the best chain. Gives the jobs it settled. */
export async function clearMined(sql: AnySql, blockHash: Uint8Array): Promise<Uint8Array[]> {
  const rows = await sql<{ job_id: Uint8Array }[]>`
    update jobs set mined_hash = null, mined_height = null, mined_txid = null where mined_hash = ${blockHash} returning job_id`
  return rows.map((row) => row.job_id)
}

/** One query. */
export async function setInputsSpent(sql: AnySql, jobId: Uint8Array, spent: boolean): Promise<void> {
  await sql`update jobs set inputs_spent = ${spent} where job_id = ${jobId}`
}

/** One query: jobs that ended because their coins went elsewhere, at this height or later. */
export async function jobsWithSpentInputs(sql: AnySql, height: number): Promise<Uint8Array[]> {
  const rows = await sql<{ job_id: Uint8Array }[]>`
    select job_id from jobs where inputs_spent and (ended_height is null or ended_height >= ${height})`
  return rows.map((row) => row.job_id)
}

/** One query: the slot behind the job's commitment was spent, which only S can do before it unlocks. */
export async function setTestamentMined(sql: AnySql, jobId: Uint8Array, mined: boolean): Promise<void> {
  await sql`update jobs set testament_mined = ${mined} where job_id = ${jobId}`
}

/** One query: payments that are known but not seen in a block, and those mined since `height`: to ask the chain about. */
export async function jobsToAskAbout(
  sql: AnySql,
  height: number,
): Promise<{ readonly jobId: Uint8Array; readonly txid: Uint8Array; readonly minedHash: Uint8Array | null }[]> {
  const rows = await sql<{ job_id: Uint8Array; hash: Uint8Array; mined_hash: Uint8Array | null }[]>`
    select j.job_id, s.hash, j.mined_hash from jobs j
    join statements s on s.job_id = j.job_id and s.kind = ${MessageType.PAYMENT}
    where (j.mined_height >= ${height} and s.hash = j.mined_txid)
      or (j.mined_hash is null and (j.ended_height is null or j.ended_height >= ${height}))`
  return rows.map((row) => ({ jobId: row.job_id, txid: row.hash, minedHash: row.mined_hash }))
}
