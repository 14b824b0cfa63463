import { Branch, type KeyPlace } from '@camelid/wallet'
import type { Store } from './open.ts'
import { all, blob, int, one, prepare, type Row } from './rows.ts'

/** An address of the wallet that was given to somebody or found used. */
export interface AddressRow {
  readonly place: KeyPlace
  readonly h2: Uint8Array
  /** A block paid it once. */
  readonly used: boolean
  /** It holds coins as far as is known. */
  readonly holds: boolean
}

/** Queries and steps on `address`. */
export function addressStore({ db }: Store) {
  const list = prepare(
    db,
    `SELECT *, EXISTS (SELECT 1 FROM coin WHERE coin.branch = address.branch AND coin.idx = address.idx) AS holds
     FROM address ORDER BY branch, idx`,
  )
  const byH2 = prepare(db, 'SELECT * FROM address WHERE h2 = ?')
  const insert = prepare(db, 'INSERT INTO address (branch, idx, h2) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const setUsed = prepare(db, 'UPDATE address SET used = 1 WHERE branch = ? AND idx = ? AND used = 0')
  return {
    /** Query: all of them, by branch and index. */
    all: (): AddressRow[] => all(list).map(toRow),
    /** Query: where the key of this address stands; undefined where it is not ours. */
    find(h2: Uint8Array): KeyPlace | undefined {
      const row = one(byH2, h2)
      return row === undefined ? undefined : placeOf(row)
    },
    /** Adds one; it may be there. */
    insert({ branch, index }: KeyPlace, h2: Uint8Array): void {
      insert.run(branch, index, h2)
    },
    setUsed({ branch, index }: KeyPlace): void {
      setUsed.run(branch, index)
    },
  }
}

export type AddressStore = ReturnType<typeof addressStore>

/** The column `branch` of a row. */
export function branchOf(row: Row): Branch {
  return int(row, 'branch') === Branch.CHANGE ? Branch.CHANGE : Branch.RECEIVE
}

function placeOf(row: Row): KeyPlace {
  return { branch: branchOf(row), index: int(row, 'idx') }
}

function toRow(row: Row): AddressRow {
  return { place: placeOf(row), h2: blob(row, 'h2'), used: int(row, 'used') === 1, holds: int(row, 'holds') === 1 }
}
