import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { AnySql } from '@camelid/store'

/** What makes a commitment's hold on its slot end: its job's payment mined, or the tip above H + V (protocol §6, Reserved). */
export type SlotLife = { readonly tipHeight: number; readonly verdictLife: number }

/** One query: whether the slot of the payment in force of this job backs a live commitment to another job as well. */
export async function sharesSlot(sql: AnySql, jobId: Uint8Array, life: SlotLife): Promise<boolean> {
  const rows = await sql`
    select 1 from jobs
    join statements own on own.job_id = jobs.job_id and own.kind = ${MessageType.COMMITMENT}
      and own.hash = jobs.payment_commitment
    join statements other on other.bond_outpoint = own.bond_outpoint and other.kind = own.kind
      and other.job_id <> own.job_id
    join jobs rival on rival.job_id = other.job_id and rival.mined_hash is null
    where jobs.job_id = ${jobId} and own.height + ${life.verdictLife} >= ${life.tipHeight}
      and other.height + ${life.verdictLife} >= ${life.tipHeight}
    limit 1`
  return rows.count > 0
}

/** One query: reservations of jobs with a commitment on this slot are looked at again at the next tip. */
export async function doubtSharers(sql: AnySql, bondOutpoint: Uint8Array): Promise<void> {
  await sql`
    update reservations set state = 'lost' where state = 'held' and job_id in (
      select job_id from statements where bond_outpoint = ${bondOutpoint} and kind = ${MessageType.COMMITMENT})
    and (select count(distinct job_id) from statements
      where bond_outpoint = ${bondOutpoint} and kind = ${MessageType.COMMITMENT}) > 1`
}
