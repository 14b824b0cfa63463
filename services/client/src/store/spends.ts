import type { Store } from './open.ts'
import { all, amount, blob, int, prepare } from './rows.ts'

/** A payment of our own that is not (deeply) mined yet. */
export interface SpendRow {
  readonly txid: Uint8Array
  readonly raw: Uint8Array
  readonly createdMs: number
  readonly change: bigint
}

export type SpendState = 'pending' | 'mined' | 'dropped'

/** Queries and steps on `spend`. */
export function spendStore({ db }: Store) {
  const insert = prepare(db, "INSERT INTO spend (txid, raw, created_ms, change, state) VALUES (?, ?, ?, ?, 'pending')")
  const pending = prepare(db, "SELECT * FROM spend WHERE state = 'pending' ORDER BY created_ms")
  const setState = prepare(db, 'UPDATE spend SET state = ?, block_hash = ?, height = ? WHERE txid = ?')
  return {
    insert({ txid, raw, createdMs, change }: SpendRow): void {
      insert.run(txid, raw, createdMs, change)
    },
    pending: (): SpendRow[] =>
      all(pending).map((row) => ({
        txid: blob(row, 'txid'),
        raw: blob(row, 'raw'),
        createdMs: int(row, 'created_ms'),
        change: amount(row, 'change'),
      })),
    setState(txid: Uint8Array, state: SpendState, block: { hash: Uint8Array; height: number } | null): void {
      setState.run(state, block?.hash ?? null, block?.height ?? null, txid)
    },
  }
}

export type SpendStore = ReturnType<typeof spendStore>
