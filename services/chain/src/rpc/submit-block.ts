import type { SubmitBlockRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { InvalidBlockError } from '../chain/invalid-block-error.ts'
import { write } from '../chain/write.ts'
import { takeOwnBlock } from '../compact/own-block.ts'
import { reviewMempool } from '../mempool/review-mempool.ts'

/** Takes a block that a miner of this node made. @throws as `acceptBlock` */
export async function submitBlock(state: ChainState, { block }: SubmitBlockRequest) {
  try {
    // Stored as it came: a copy, since the message may alias its frame.
    const { hash, newTip } = await takeOwnBlock(state, block.slice())
    return { hash, newTip }
  } catch (error) {
    if (error instanceof InvalidBlockError) await write(state, () => reviewMempool(state))
    throw error
  }
}
