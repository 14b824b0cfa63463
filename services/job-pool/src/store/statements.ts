import { encodeOutPoint, type OutPoint } from '@camelid/codec'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { AnySql } from '@camelid/store'

/** A statement as it is kept: its p2p payload and what it is looked up by. */
export type HeldMessage = {
  readonly kind: MessageType
  /** Statement hash; txid of a payment; the node's key for progress. */
  readonly hash: Uint8Array
  readonly nodeKey: Uint8Array | null
  readonly commitmentHash: Uint8Array | null
  readonly payload: Uint8Array
  readonly seenMs: number
  /** False while it waits for the statement it answers. */
  readonly checked: boolean
  /** The slot that a commitment stakes, and its H. */
  readonly stake?: { readonly bondOutpoint: OutPoint; readonly height: number }
}

type StatementRow = {
  kind: MessageType
  hash: Uint8Array
  node_key: Uint8Array | null
  commitment_hash: Uint8Array | null
  payload: Uint8Array
  seen_ms: bigint
  checked: boolean
}

function toHeld(row: StatementRow): HeldMessage {
  return {
    kind: row.kind,
    hash: row.hash,
    nodeKey: row.node_key,
    commitmentHash: row.commitment_hash,
    payload: row.payload,
    seenMs: Number(row.seen_ms),
    checked: row.checked,
  }
}

/** One query. A statement that is there already stays as it was first seen. */
export async function insertStatement(sql: AnySql, jobId: Uint8Array, held: HeldMessage): Promise<boolean> {
  const rows = await sql`
    insert into statements (job_id, kind, hash, node_key, commitment_hash, payload, seen_ms, checked, bond_outpoint, height)
    values (${jobId}, ${held.kind}, ${held.hash}, ${held.nodeKey}, ${held.commitmentHash}, ${held.payload},
      ${BigInt(held.seenMs)}, ${held.checked},
      ${held.stake === undefined ? null : encodeOutPoint(held.stake.bondOutpoint)}, ${held.stake?.height ?? null})
    on conflict do nothing`
  return rows.count > 0
}

/** One query: the newest of its kind and hash takes the place of the one before. */
export async function replaceStatement(sql: AnySql, jobId: Uint8Array, held: HeldMessage): Promise<void> {
  await sql`
    insert into statements (job_id, kind, hash, node_key, commitment_hash, payload, seen_ms, checked)
    values (${jobId}, ${held.kind}, ${held.hash}, ${held.nodeKey}, ${held.commitmentHash}, ${held.payload},
      ${BigInt(held.seenMs)}, ${held.checked})
    on conflict (job_id, kind, hash) do update set payload = excluded.payload, seen_ms = excluded.seen_ms`
}

/** One query: the payment of this txid answers this commitment, and counts. */
export async function matchPayment(
  sql: AnySql,
  jobId: Uint8Array,
  { txid, commitmentHash }: { readonly txid: Uint8Array; readonly commitmentHash: Uint8Array },
): Promise<void> {
  await sql`
    update statements set checked = true, commitment_hash = ${commitmentHash}
    where job_id = ${jobId} and kind = ${MessageType.PAYMENT} and hash = ${txid}`
}

/** One query: everything held of a job, in the order in which it was first seen. */
export async function loadStatements(sql: AnySql, jobId: Uint8Array): Promise<HeldMessage[]> {
  const rows = await sql<StatementRow[]>`
    select kind, hash, node_key, commitment_hash, payload, seen_ms, checked
    from statements where job_id = ${jobId} order by kind, seen_ms, hash`
  return rows.map(toHeld)
}

/** One query: those of one kind. */
export async function statementsOfKind(sql: AnySql, jobId: Uint8Array, kind: MessageType): Promise<HeldMessage[]> {
  const rows = await sql<StatementRow[]>`
    select kind, hash, node_key, commitment_hash, payload, seen_ms, checked
    from statements where job_id = ${jobId} and kind = ${kind} order by seen_ms, hash`
  return rows.map(toHeld)
}
