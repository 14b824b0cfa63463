import { decodeOutPoint, encodeOutPoint, type OutPoint } from '@camelid/codec'
import type { AnySql, TransactionSql } from '@camelid/store'

/** A bond output of this node, as the chain last told. */
export type BondSlotRecord = {
  readonly outpoint: OutPoint
  readonly value: bigint
  readonly unbondHeight: number
  readonly height: number
  readonly spent: boolean
  readonly jobId: Uint8Array | null
  /** Kept for a commitment that came to nothing until the tip is above this. */
  readonly releaseHeight: number | null
}

type SlotRow = {
  outpoint: Uint8Array
  value: bigint
  unbond_height: number
  height: number
  spent: boolean
  job_id: Uint8Array | null
  release_height: number | null
}

function toSlot(row: SlotRow): BondSlotRecord {
  return {
    outpoint: decodeOutPoint(row.outpoint),
    value: row.value,
    unbondHeight: row.unbond_height,
    height: row.height,
    spent: row.spent,
    jobId: row.job_id,
    releaseHeight: row.release_height,
  }
}

/** One query. */
export async function loadSlots(sql: AnySql): Promise<BondSlotRecord[]> {
  const rows = await sql<SlotRow[]>`select * from bond_slots order by height, outpoint`
  return rows.map(toSlot)
}

/** One query. */
export async function slotAt(sql: AnySql, outpoint: Uint8Array): Promise<BondSlotRecord | null> {
  const [row] = await sql<SlotRow[]>`select * from bond_slots where outpoint = ${outpoint}`
  return row === undefined ? null : toSlot(row)
}

/** What a slot must be to back a job. */
export type SlotNeed = {
  readonly stake: bigint
  /** Height at or below which a slot's block is aged A. */
  readonly maxHeight: number
  /** Above which it must unlock. */
  readonly minUnbondHeight: number
}

/** Part of a transaction: gives the smallest free slot that fits to the job, or null. */
export async function takeSlot(tx: TransactionSql, jobId: Uint8Array, need: SlotNeed): Promise<BondSlotRecord | null> {
  const [row] = await tx<SlotRow[]>`
    update bond_slots set job_id = ${jobId}, release_height = null
    where outpoint = (
      select outpoint from bond_slots
      where job_id is null and not spent and value >= ${need.stake} and height <= ${need.maxHeight}
        and unbond_height > ${need.minUnbondHeight}
      order by value, height, outpoint limit 1 for update skip locked)
    returning *`
  return row === undefined ? null : toSlot(row)
}

/** One query: the job needs it no longer. With `releaseHeight` it stays held until the tip is above that, or above less. */
export async function releaseSlot(sql: AnySql, jobId: Uint8Array, releaseHeight: number | null): Promise<void> {
  if (releaseHeight === null) {
    await sql`update bond_slots set job_id = null, release_height = null where job_id = ${jobId}`
  } else {
    await sql`
      update bond_slots set release_height = least(release_height, ${releaseHeight}) where job_id = ${jobId}`
  }
}

/** One query: a job that a reorganisation brought back holds its slot again, where no other job has it. */
export async function retakeSlot(sql: AnySql, jobId: Uint8Array, outpoint: OutPoint): Promise<void> {
  await sql`
    update bond_slots set job_id = ${jobId}, release_height = null
    where outpoint = ${encodeOutPoint(outpoint)} and (job_id is null or job_id = ${jobId})`
}

/** One query: frees the slots whose commitments no verdict can reach any more. */
export async function releaseOldSlots(sql: AnySql, tipHeight: number): Promise<void> {
  await sql`update bond_slots set job_id = null, release_height = null where release_height < ${tipHeight}`
}

/** One query a slot: writes what the chain lists of this node's bonds. */
export async function upsertSlot(
  sql: AnySql,
  slot: { readonly outpoint: OutPoint; readonly value: bigint; readonly unbondHeight: number; readonly height: number },
): Promise<void> {
  await sql`
    insert into bond_slots (outpoint, value, unbond_height, height)
    values (${encodeOutPoint(slot.outpoint)}, ${slot.value}, ${slot.unbondHeight}, ${slot.height})
    on conflict (outpoint) do update set height = excluded.height, spent = false`
}

/** One query: the chain lists it no longer. */
export async function markSlotSpent(sql: AnySql, outpoint: OutPoint): Promise<void> {
  await sql`update bond_slots set spent = true where outpoint = ${encodeOutPoint(outpoint)}`
}

/** One query: kept before it is sent, so that a crash does not make the same slots twice. */
export async function insertBondTransaction(
  sql: AnySql,
  made: {
    readonly txid: Uint8Array
    readonly transaction: Uint8Array
    readonly outputs: number
    readonly nowMs: number
  },
): Promise<void> {
  await sql`
    insert into bond_transactions (txid, transaction, outputs, at_ms)
    values (${made.txid}, ${made.transaction}, ${made.outputs}, ${BigInt(Math.round(made.nowMs))}) on conflict do nothing`
}

/** One query. */
export async function loadBondTransactions(
  sql: AnySql,
): Promise<{ readonly txid: Uint8Array; readonly transaction: Uint8Array; readonly outputs: number }[]> {
  return await sql<{ txid: Uint8Array; transaction: Uint8Array; outputs: number }[]>`
    select txid, transaction, outputs from bond_transactions order by at_ms`
}

/** One query. */
export async function deleteBondTransaction(sql: AnySql, txid: Uint8Array): Promise<void> {
  await sql`delete from bond_transactions where txid = ${txid}`
}
