import type { AnySql } from '@camelid/store'
import type { StoredBond } from './bonds.ts'
import { asBuffer, byteaArray, int4Array, int8Array } from './byte-arrays.ts'
import type { Coin } from './coins.ts'

/** A settlement entry as its row has it; the outpoint in its 36 bytes. */
export interface SettlementRecord {
  readonly outpoint: Uint8Array
  readonly jobId: Uint8Array
  readonly h2: Uint8Array
  readonly height: number
}

export interface BondRecord extends StoredBond {
  /** Null while it is unspent. */
  readonly spentHeight: number | null
}

/** A coin with the address it is filed under. */
export interface FiledCoin extends Coin {
  readonly h2: Uint8Array | null
}

/** One query: the coins after `after` in order of outpoint. */
export async function pageOfCoins(sql: AnySql, after: Uint8Array, limit: number): Promise<FiledCoin[]> {
  const rows = await sql<
    { outpoint: Buffer; value: bigint; script: Buffer; height: number; coinbase: boolean; h2: Buffer | null }[]
  >`
    SELECT outpoint, value, script, height, coinbase, h2 FROM utxos
    WHERE outpoint > ${asBuffer(after)} ORDER BY outpoint LIMIT ${limit}`
  return rows.map(({ script, ...row }) => ({ ...row, scriptPubKey: script }))
}

/** One query: the settlement entries after `after`, in order. */
export async function pageOfSettlements(
  sql: AnySql,
  after: Pick<SettlementRecord, 'outpoint' | 'jobId' | 'h2'>,
  limit: number,
): Promise<SettlementRecord[]> {
  const rows = await sql<{ outpoint: Buffer; job_id: Buffer; h2: Buffer; height: number }[]>`
    SELECT outpoint, job_id, h2, height FROM settlements
    WHERE (outpoint, job_id, h2) > (${asBuffer(after.outpoint)}, ${asBuffer(after.jobId)}, ${asBuffer(after.h2)})
    ORDER BY outpoint, job_id, h2 LIMIT ${limit}`
  return rows.map(({ job_id, ...row }) => ({ ...row, jobId: job_id }))
}

/** One query: the bonds after `after` in order of outpoint, spent ones too. */
export async function pageOfBonds(sql: AnySql, after: Uint8Array, limit: number): Promise<BondRecord[]> {
  const rows = await sql<
    {
      outpoint: Buffer
      node_key: Buffer
      value: bigint
      unbond_height: number
      height: number
      spent_height: number | null
    }[]
  >`
    SELECT outpoint, node_key, value, unbond_height, height, spent_height FROM bonds
    WHERE outpoint > ${asBuffer(after)} ORDER BY outpoint LIMIT ${limit}`
  return rows.map((row) => ({
    outpoint: row.outpoint,
    nodeKey: row.node_key,
    value: row.value,
    unbondHeight: row.unbond_height,
    height: row.height,
    spentHeight: row.spent_height,
  }))
}

/** One query: settlement entries of several blocks. */
export async function insertSettlementRecords(sql: AnySql, entries: readonly SettlementRecord[]): Promise<void> {
  if (entries.length === 0) return
  const outpoints = entries.map((entry) => entry.outpoint)
  const jobIds = entries.map((entry) => entry.jobId)
  const h2s = entries.map((entry) => entry.h2)
  const heights = entries.map((entry) => entry.height)
  await sql`
    INSERT INTO settlements (outpoint, job_id, h2, height)
    SELECT * FROM unnest(${byteaArray(outpoints)}::bytea[], ${byteaArray(jobIds)}::bytea[],
      ${byteaArray(h2s)}::bytea[], ${int4Array(heights)}::int4[])`
}

/** One query: bonds with what became of them. */
export async function insertBondRecords(sql: AnySql, bonds: readonly BondRecord[]): Promise<void> {
  if (bonds.length === 0) return
  const outpoints = bonds.map((bond) => bond.outpoint)
  const nodeKeys = bonds.map((bond) => bond.nodeKey)
  const values = bonds.map((bond) => bond.value)
  const unbondHeights = bonds.map((bond) => bond.unbondHeight)
  const heights = bonds.map((bond) => bond.height)
  const spentHeights = bonds.map((bond) => bond.spentHeight ?? -1)
  await sql`
    INSERT INTO bonds (outpoint, node_key, value, unbond_height, height, spent_height)
    SELECT outpoint, node_key, value, unbond_height, height, nullif(spent_height, -1)
    FROM unnest(${byteaArray(outpoints)}::bytea[], ${byteaArray(nodeKeys)}::bytea[],
      ${int8Array(values)}::int8[], ${int4Array(unbondHeights)}::int4[], ${int4Array(heights)}::int4[],
      ${int4Array(spentHeights)}::int4[]) AS made (outpoint, node_key, value, unbond_height, height, spent_height)`
}
