import type { SubmitBlockRequest } from '@camelid/proto/chain/v1/chain_pb'
import { acceptBlock } from '../chain/accept-block.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'

/** Takes a block that a miner of this node made. @throws as `acceptBlock` */
export async function submitBlock(state: ChainState, { block }: SubmitBlockRequest) {
  // Stored as it came: a copy, since the message may alias its frame.
  const { hash, newTip } = await write(state, () => acceptBlock(state, block.slice()))
  return { hash, newTip }
}
