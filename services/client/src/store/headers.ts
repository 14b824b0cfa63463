import { decodeHeader, encodeHeader } from '@camelid/codec'
import type { HeaderNode } from '@camelid/consensus'
import { bigIntToBytes32, bytesToBigInt } from '@camelid/crypto'
import type { Store } from './open.ts'
import { blob, int, one, prepare, type Row } from './rows.ts'

/** Queries and steps on `header`; every stored header has been checked. Call the writing ones inside a transaction. */
export function headerStore({ db }: Store) {
  const byHash = prepare(db, 'SELECT * FROM header WHERE hash = ?')
  const byHeight = prepare(db, 'SELECT * FROM header WHERE best = 1 AND height = ?')
  const tip = prepare(db, 'SELECT * FROM header WHERE best = 1 ORDER BY height DESC LIMIT 1')
  const insert = prepare(db, 'INSERT INTO header VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const isBest = prepare(db, 'SELECT best FROM header WHERE hash = ?')
  const setBest = prepare(db, 'UPDATE header SET best = 1 WHERE hash = ?')
  const cutBest = prepare(db, 'UPDATE header SET best = 0 WHERE best = 1 AND height > ?')
  const remove = prepare(db, 'DELETE FROM header WHERE hash = ? AND best = 0')
  const countSide = prepare(db, 'SELECT COUNT(*) AS count FROM header WHERE best = 0')
  const dropSide = prepare(
    db,
    'DELETE FROM header WHERE hash IN (SELECT hash FROM header WHERE best = 0 ORDER BY height LIMIT ?)',
  )

  return {
    get: (hash: Uint8Array): HeaderNode | undefined => toNode(one(byHash, hash)),
    /** On the best chain. */
    atHeight: (height: number): HeaderNode | undefined => toNode(one(byHeight, height)),
    tip: (): HeaderNode | undefined => toNode(one(tip)),
    isBest(hash: Uint8Array): boolean {
      const row = one(isBest, hash)
      return row !== undefined && int(row, 'best') === 1
    },
    insert({ hash, height, header, work, anchor }: HeaderNode): void {
      const { height: anchorHeight, parentTime, bits } = anchor
      insert.run(hash, height, encodeHeader(header), bigIntToBytes32(work), anchorHeight, parentTime, bits, 0)
    },
    setBest(hash: Uint8Array): void {
      setBest.run(hash)
    },
    /** Takes every header above `height` off the best chain. */
    cutBest(height: number): void {
      cutBest.run(height)
    },
    /** Forgets one header beside the best chain. */
    remove(hash: Uint8Array): void {
      remove.run(hash)
    },
    countSide(): number {
      const row = one(countSide)
      return row === undefined ? 0 : int(row, 'count')
    },
    /** Forgets the lowest `count` headers beside the best chain. */
    dropSide(count: number): void {
      dropSide.run(count)
    },
  }
}

export type HeaderStore = ReturnType<typeof headerStore>

function toNode(row: Row | undefined): HeaderNode | undefined {
  if (row === undefined) return undefined
  return {
    hash: blob(row, 'hash'),
    height: int(row, 'height'),
    header: decodeHeader(blob(row, 'raw')),
    work: bytesToBigInt(blob(row, 'work')),
    anchor: {
      height: int(row, 'anchor_height'),
      parentTime: int(row, 'anchor_parent_time'),
      bits: int(row, 'anchor_bits'),
    },
  }
}
