import type { EstimateFeeRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { MAX_TARGET } from '../mempool/fees/fee-estimates.ts'
import { minimumFeeRate } from '../mempool/make-room.ts'

/** Fee rates go over the wire by 1,000 bytes. */
const PER_KILOBYTE = 1_000

/** What to pay to be mined within some blocks, at least what gets into the mempool now. @throws ChainError BAD_REQUEST */
export async function estimateFee(state: ChainState, { blocks }: EstimateFeeRequest) {
  if (blocks < 1 || blocks > MAX_TARGET)
    throw new ChainError('BAD_REQUEST', `blocks is ${blocks}: ask for 1 to ${MAX_TARGET}`)
  const minimum = minimumFeeRate(state)
  const learned = state.feeEstimates.estimate(blocks, state.tip.node.height)
  return {
    feeRate: perKilobyte(Math.max(minimum, learned ?? 0)),
    minimumFeeRate: perKilobyte(minimum),
    learned: learned !== null,
  }
}

function perKilobyte(rate: number): bigint {
  return BigInt(Math.ceil(rate * PER_KILOBYTE))
}
