import { encodeStanding, parseStanding, type Standing } from '@camelid/rastic'
import type { Store } from './open.ts'
import { all, blob, int, one, prepare, type Row, text } from './rows.ts'

/** What we know of a node from our own jobs and checks: as one that sells outputs, and as one that checks those of others. */
export interface NodeRow {
  readonly nodeKey: Uint8Array
  /** Over the checked positions of its outputs. */
  readonly maker: Standing
  readonly valid: number
  readonly invalid: number
  readonly inconclusive: number
  /** Paid and not delivered, or delivered as rubbish. */
  readonly failed: number
  /** Over its answers on which a side was believed. */
  readonly checker: Standing
  /** Answers with the side that was believed, against it, and where none was. */
  readonly right: number
  readonly outvoted: number
  readonly disputed: number
  readonly silent: number
  readonly forged: number
  readonly updatedMs: number
}

const MAX_LISTED = 1_000

/** Queries and steps on `node`. */
export function nodeStore({ db }: Store) {
  const byKey = prepare(db, 'SELECT * FROM node WHERE node_key = ?')
  const newest = prepare(db, 'SELECT * FROM node ORDER BY updated_ms DESC LIMIT ?')
  const put = prepare(
    db,
    `INSERT INTO node (node_key, maker, valid, invalid, inconclusive, failed, checker, answers_right, answers_outvoted,
       answers_disputed, answers_silent, answers_forged, updated_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (node_key) DO UPDATE SET maker = excluded.maker, valid = excluded.valid, invalid = excluded.invalid,
       inconclusive = excluded.inconclusive, failed = excluded.failed, checker = excluded.checker,
       answers_right = excluded.answers_right, answers_outvoted = excluded.answers_outvoted,
       answers_disputed = excluded.answers_disputed, answers_silent = excluded.answers_silent,
       answers_forged = excluded.answers_forged, updated_ms = excluded.updated_ms`,
  )
  return {
    get(nodeKey: Uint8Array): NodeRow | undefined {
      const row = one(byKey, nodeKey)
      return row === undefined ? undefined : toRow(row)
    },
    /** Query: those heard of last. */
    all: (): NodeRow[] => all(newest, MAX_LISTED).map(toRow),
    put(row: NodeRow): void {
      const { nodeKey, maker, valid, invalid, inconclusive, failed, checker } = row
      const { right, outvoted, disputed, silent, forged, updatedMs } = row
      const sold = [encodeStanding(maker), valid, invalid, inconclusive, failed]
      const answered = [encodeStanding(checker), right, outvoted, disputed, silent, forged]
      put.run(nodeKey, ...sold, ...answered, updatedMs)
    },
  }
}

function toRow(row: Row): NodeRow {
  return {
    nodeKey: blob(row, 'node_key'),
    maker: parseStanding(text(row, 'maker')),
    valid: int(row, 'valid'),
    invalid: int(row, 'invalid'),
    inconclusive: int(row, 'inconclusive'),
    failed: int(row, 'failed'),
    checker: parseStanding(text(row, 'checker')),
    right: int(row, 'answers_right'),
    outvoted: int(row, 'answers_outvoted'),
    disputed: int(row, 'answers_disputed'),
    silent: int(row, 'answers_silent'),
    forged: int(row, 'answers_forged'),
    updatedMs: int(row, 'updated_ms'),
  }
}
