import { type BlockHeader, ByteWriter, decodeHeader } from '@camelid/codec'
import { checkHeaderInIsolation, merkleRoot } from '@camelid/consensus'
import { concatBytes, equalBytes } from '@camelid/crypto'
import type { TakeCompactBlockRequest } from '@camelid/proto/chain/v1/chain_pb'
import { judgeHeader } from '../chain/accept-headers.ts'
import type { LoadedBlock } from '../chain/block-cache.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { type Part, readOutline, readPlaced } from './compact-block.ts'
import { fillBlock } from './fill-block.ts'

/** What became of a compact block. */
export type Reconstruction =
  | { readonly case: 'known' }
  /** Positions of transactions that are not here. */
  | { readonly case: 'missing'; readonly indexes: number[] }
  | { readonly case: 'mismatch' }
  /** The transactions are its header's. Nothing is known of whether they keep the rules. */
  | { readonly case: 'whole'; readonly node: IndexedHeader; readonly loaded: LoadedBlock }

/**
 * Fills a compact block from the mempool. Work and place of its header come first: without them nobody makes us look through the mempool.
 * @throws ChainError UNKNOWN_PARENT, INVALID_ANCESTOR, KNOWN_INVALID, NO_MORE_WORK, BAD_COMPACT_BLOCK, BAD_REQUEST; CodecError,
 *   ConsensusError as of `checkHeaderInContext`
 */
export async function reconstruct(state: ChainState, request: TakeCompactBlockRequest): Promise<Reconstruction> {
  const { block, supplied } = request
  if (block === undefined) throw new ChainError('BAD_REQUEST', 'the compact block is missing')
  const headerBytes = block.header.slice()
  const header = decodeHeader(headerBytes)
  const hash = checkHeaderInIsolation(header, state.params)
  // Its parent may have come just before it.
  await state.candidates.settled(header.prevHash)
  const node = await findPlace(state, header, hash)
  if (node === undefined) return { case: 'known' }
  const outline = readOutline(block, headerBytes, state.params.maxBlockBytes)
  const parts = fillBlock(outline, {
    supplied: readPlaced(supplied, outline.count),
    pool: state.mempool.values(),
  })
  if (parts === undefined) return { case: 'mismatch' }
  const indexes = parts.flatMap((part, index) => (part === undefined ? [index] : []))
  if (indexes.length > 0) return { case: 'missing', indexes }
  const loaded = assemble(
    { header, headerBytes },
    parts.filter((part) => part !== undefined),
    state.params.maxBlockBytes,
  )
  return loaded === undefined ? { case: 'mismatch' } : { case: 'whole', node, loaded }
}

/** The place of a block's header; undefined where the block is known. @throws as `reconstruct` where it would not become the tip */
export async function findPlace(
  state: ChainState,
  header: BlockHeader,
  hash: Uint8Array,
): Promise<IndexedHeader | undefined> {
  const stored = await state.headers.find(hash)
  if (stored?.invalid === true) throw new ChainError('KNOWN_INVALID', 'the block broke the rules when it came before')
  if (stored?.hasBlock === true || state.candidates.get(hash) !== undefined) return undefined
  const node = stored ?? (await judgeHeader(state, header, hash))
  if (node.work <= state.tip.node.work)
    throw new ChainError('NO_MORE_WORK', 'the block would not become the tip: its header is enough')
  return node
}

/** Undefined where the transactions are not those of the header: a short id stood for another one than the sender meant. */
function assemble(
  { header, headerBytes }: { readonly header: BlockHeader; readonly headerBytes: Uint8Array },
  parts: readonly Part[],
  maxBlockBytes: number,
): LoadedBlock | undefined {
  if (parts.length === 0) return undefined
  const txids = parts.map(({ txid }) => txid)
  const { root, mutated } = merkleRoot(txids)
  const size = parts.reduce((sum, { raw }) => sum + raw.length, 0)
  if (mutated || !equalBytes(root, header.merkleRoot) || size > maxBlockBytes) return undefined
  const count = new ByteWriter().compactSize(parts.length).finish()
  return {
    raw: concatBytes(headerBytes, count, ...parts.map(({ raw }) => raw)),
    block: { header, transactions: parts.map(({ tx }) => tx) },
    txids,
  }
}
