import { createHash } from 'node:crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import type { Report } from '../progress/report.ts'
import { minimumKept } from '../prune/minimum-kept.ts'
import { findPrunedHeight } from '../store/pruned.ts'
import { hashState } from '../verify/hash-state.ts'
import { readAtTip } from '../verify/read-at-tip.ts'
import { encodePrefix, HASH_OFFSET, PREFIX_BYTES } from './format.ts'
import { SnapshotError } from './snapshot-error.ts'
import { snapshotBody } from './write-body.ts'

/** Bytes of the file and where they go. */
export interface FilePiece {
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface Exported {
  /** SHA-256 of the snapshot's body: what whoever imports it asks for. */
  readonly hash: Uint8Array
  readonly stateHash: Uint8Array
  readonly height: number
  readonly tipHash: Uint8Array
  readonly size: number
}

/** A piece of a file in one message. */
const PIECE_BYTES = 1024 * 1024

/**
 * Writes the state at the tip as a file (see FORMAT), in pieces; the last one puts the hash into the file's beginning. Blocks connected
 * meanwhile are no part of it.
 * @param options.blocks newest blocks to give in full; undefined: as many as a node may be pruned to
 * @throws ChainError KEEP_TOO_FEW; SnapshotError NOTHING_TO_EXPORT
 */
export async function exportSnapshot(
  state: ChainState,
  options: {
    readonly blocks: number | undefined
    readonly write: (piece: FilePiece) => Promise<void>
    readonly report: Report
    readonly signal: AbortSignal
  },
): Promise<Exported> {
  const { params } = state
  const { write, report, signal } = options
  const least = minimumKept(params)
  const kept = options.blocks ?? least
  if (kept < least)
    throw new ChainError(
      'KEEP_TOO_FEW',
      `${kept} blocks are too few for a snapshot: reorganisations and verdicts need ${least} on ${params.name}`,
      { keep: kept, least },
    )
  return await readAtTip(state, async (sql, { node }) => {
    const { height, hash: tipHash } = node
    if (height === 0) throw new SnapshotError('NOTHING_TO_EXPORT', 'the chain has no block but genesis: sync it first')
    const first = Math.max((await findPrunedHeight(sql)) + 1, height - kept + 1, 1)
    const at = { genesisHash: params.genesisHash, height, tipHash }
    const { hash: stateHash } = await hashState(sql, at, { report, signal })
    const digest = createHash('sha256')
    await write({ offset: 0, bytes: encodePrefix(params, new Uint8Array(32)) })
    let offset = PREFIX_BYTES
    for await (const part of snapshotBody(sql, { ...at, first, stateHash }, { report, signal })) {
      digest.update(part)
      for (let from = 0; from < part.length; from += PIECE_BYTES) {
        const bytes = part.subarray(from, from + PIECE_BYTES)
        await write({ offset, bytes })
        offset += bytes.length
      }
    }
    const hash = new Uint8Array(digest.digest())
    await write({ offset: HASH_OFFSET, bytes: hash })
    return { hash, stateHash, height, tipHash, size: offset }
  })
}
