import { type BlockHeader, decodeHeader, displayHash, HEADER_BYTES } from '@camelid/codec'
import {
  ConsensusError,
  type ConsensusErrorCode,
  checkBlockInIsolation,
  checkHeaderInIsolation,
  workOf,
} from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { ChainError } from '../chain-error.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { isOnBestChain } from '../store/tip.ts'
import { judgeHeader } from './accept-headers.ts'
import { type LoadedBlock, loadBlock } from './block-cache.ts'
import type { ChainState } from './chain-state.ts'
import { type JudgedBlock, placeBlock, rememberBroken } from './place-block.ts'
import { MAX_WORK_BEHIND } from './weak-branches.ts'

export interface AcceptedBlock {
  readonly hash: Uint8Array
  /** Whether the tip is now this block or one on top of it. */
  readonly newTip: boolean
  readonly known: boolean
}

/** With these the transactions may not be the header's own: another block with the same header may be good. */
const SAYS_NOTHING_OF_THE_HEADER: ReadonlySet<ConsensusErrorCode> = new Set(['BAD_MERKLE_ROOT', 'MUTATED_MERKLE_TREE'])

/**
 * Judges a block, stores it and moves the tip where it has the most work. Runs in the writer.
 * @param decoded the same block, where the caller has it
 * @throws CodecError, ConsensusError, ChainError KNOWN_INVALID, UNKNOWN_PARENT (the block is kept as an orphan), INVALID_ANCESTOR,
 *   TOO_LITTLE_WORK; InvalidBlockError where it broke the rules and is remembered for it
 */
export async function acceptBlock(state: ChainState, raw: Uint8Array, decoded?: LoadedBlock): Promise<AcceptedBlock> {
  const header = decodeHeader(raw.subarray(0, HEADER_BYTES))
  // Before anything else is read: without work nobody makes us read four megabytes.
  const hash = checkHeaderInIsolation(header, state.params)
  const stored = await state.headers.find(hash)
  if (stored?.invalid)
    throw new ChainError('KNOWN_INVALID', `block ${displayHash(hash)} broke the rules when it came before`)
  if (stored?.hasBlock) return { hash, newTip: false, known: true }
  const loaded = decoded ?? loadBlock(raw)
  const node = stored ?? (await newNode(state, header, { hash, raw }))
  refuseLittleWork(state, node)
  await checkOrRemember(state, node, loaded)
  return await takeBlock(state, { node, loaded, isStored: stored !== undefined })
}

/** Takes a block that was judged by itself: the second half of `acceptBlock`. @throws InvalidBlockError */
export async function takeBlock(state: ChainState, judged: JudgedBlock): Promise<AcceptedBlock> {
  const { node, isStored } = judged
  if (!isStored) state.unlinked++
  await placeBlock(state, judged)
  await adoptOrphans(state, node.hash)
  return { hash: node.hash, newTip: await isAtOrBelowTip(state, node), known: false }
}

async function newNode(
  state: ChainState,
  header: BlockHeader,
  { hash, raw }: { readonly hash: Uint8Array; readonly raw: Uint8Array },
): Promise<IndexedHeader> {
  try {
    return await judgeHeader(state, header, hash)
  } catch (error) {
    if (error instanceof ChainError && error.code === 'UNKNOWN_PARENT') state.orphans.add(hash, header.prevHash, raw)
    throw error
  }
}

/** Judges a block by itself, and remembers it where it is at fault and not its sender alone. */
async function checkOrRemember(state: ChainState, node: IndexedHeader, { block, txids }: LoadedBlock): Promise<void> {
  try {
    checkBlockInIsolation(block, state.params, txids)
  } catch (error) {
    if (error instanceof ConsensusError && SAYS_NOTHING_OF_THE_HEADER.has(error.code)) throw error
    await rememberBroken(state, node, error)
  }
}

/** The block of a weak branch is not worth its disk, unless its headers lead further: whoever wants such blocks stored shows headers with more work than the tip first. */
function refuseLittleWork({ tip, path }: ChainState, node: IndexedHeader): void {
  const behind = tip.node.work - node.work
  if (behind > MAX_WORK_BEHIND * workOf(tip.node.header.bits) && !path.leadsTo(node))
    throw new ChainError(
      'TOO_LITTLE_WORK',
      'a block of a branch with far less work than the tip: send the headers of its branch first',
    )
}

/** Takes the blocks that waited for this one. */
export async function adoptOrphans(state: ChainState, parent: Uint8Array): Promise<void> {
  for (const raw of state.orphans.takeChildren(parent)) {
    try {
      await acceptBlock(state, raw)
    } catch (error) {
      // The orphan's own fault: whoever sent it was answered long ago.
      state.log.debug({ err: error }, 'an orphan block turned out bad')
    }
  }
}

async function isAtOrBelowTip({ sql, tip }: ChainState, { hash, height }: IndexedHeader): Promise<boolean> {
  return equalBytes(tip.node.hash, hash) || (await isOnBestChain(sql, height, hash))
}
