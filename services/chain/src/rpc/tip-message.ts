import { encodeHeader } from '@camelid/codec'
import { bigIntToBytes32 } from '@camelid/crypto'
import type { Tip } from '../chain/chain-state.ts'

/** A tip as the wire has it. */
export function tipMessage({ node }: Tip) {
  return {
    hash: node.hash,
    height: node.height,
    header: encodeHeader(node.header),
    work: bigIntToBytes32(node.work),
    medianTime: node.medianTime,
  }
}
