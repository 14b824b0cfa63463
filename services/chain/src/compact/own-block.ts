import { setImmediate } from 'node:timers/promises'
import { decodeHeader, HEADER_BYTES } from '@camelid/codec'
import { checkHeaderInIsolation, merkleRoot } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { type AcceptedBlock, acceptBlock } from '../chain/accept-block.ts'
import { type LoadedBlock, loadBlock } from '../chain/block-cache.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { findPlace } from './reconstruct.ts'

/**
 * Takes a block that a miner of this node made. Where work, place and transactions are its header's, whoever follows own blocks is told of
 * it before it is judged: it was made of our own template, and the first to tell it wins. @throws as `acceptBlock`
 */
export async function takeOwnBlock(state: ChainState, raw: Uint8Array): Promise<AcceptedBlock> {
  const placed = await place(state, raw)
  if (placed === undefined) return await write(state, () => acceptBlock(state, raw))
  const { node, loaded } = placed
  return await state.candidates.hold(node, loaded, async () => {
    state.candidates.tell(loaded)
    // After the word of it has left.
    await setImmediate()
    return await write(state, () => acceptBlock(state, raw, loaded))
  })
}

/** Undefined where it is not to be told yet, or at all: judging it says why. */
async function place(
  state: ChainState,
  raw: Uint8Array,
): Promise<{ node: IndexedHeader; loaded: LoadedBlock } | undefined> {
  try {
    const header = decodeHeader(raw.subarray(0, HEADER_BYTES))
    const hash = checkHeaderInIsolation(header, state.params)
    await state.candidates.settled(header.prevHash)
    const node = await findPlace(state, header, hash)
    const onTip = equalBytes(header.prevHash, state.tip.node.hash)
    if (node === undefined || !onTip || state.candidates.isFull) return undefined
    const loaded = loadBlock(raw)
    const { root, mutated } = merkleRoot(loaded.txids)
    return mutated || !equalBytes(root, header.merkleRoot) ? undefined : { node, loaded }
  } catch (error) {
    if (!isCoded(error)) throw error
    return undefined
  }
}
