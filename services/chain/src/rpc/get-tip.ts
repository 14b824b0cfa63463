import type { ChainState } from '../chain/chain-state.ts'
import { tipMessage } from './tip-message.ts'

export async function getTip(state: ChainState) {
  return { tip: tipMessage(state.tip), genesisHash: state.params.genesisHash }
}
