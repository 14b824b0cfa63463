import type { BlockHeader } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { ConsensusError } from '../error/consensus-error.ts'
import type { NetworkParams } from '../params/network-params.ts'
import { nextBits } from '../pow/asert.ts'
import type { HeaderNode } from './header-node.ts'

export interface HeaderContext {
  readonly parent: HeaderNode
  /** Median time past of the 11 blocks that end with the parent, unix seconds. */
  readonly medianTime: number
  /** Our clock, unix seconds. */
  readonly nowSeconds: number
  readonly params: NetworkParams
}

/**
 * What a header must satisfy on top of its parent (protocol §4): the bits of ASERT, a time above the median of the last 11 and not too far
 * ahead. Throws BAD_PREVIOUS_HASH, BAD_DIFFICULTY, TIME_TOO_OLD, TIME_TOO_NEW.
 */
export function checkHeaderInContext(header: BlockHeader, context: HeaderContext): void {
  const { parent, medianTime, nowSeconds, params } = context
  if (!equalBytes(header.prevHash, parent.hash)) {
    throw new ConsensusError('BAD_PREVIOUS_HASH', 'the header does not build on the parent it is judged with')
  }
  const bits = nextBits(params, parent.anchor, { height: parent.height, time: parent.header.time })
  if (header.bits !== bits) {
    throw new ConsensusError('BAD_DIFFICULTY', `bits 0x${header.bits.toString(16)}, 0x${bits.toString(16)} expected`, {
      height: parent.height + 1,
      bits: header.bits,
      expected: bits,
    })
  }
  if (header.time <= medianTime) {
    throw new ConsensusError('TIME_TOO_OLD', `block time ${header.time} is not above the median ${medianTime}`, {
      time: header.time,
      medianTime,
    })
  }
  if (header.time > nowSeconds + params.maxFutureTime) {
    throw new ConsensusError('TIME_TOO_NEW', `block time ${header.time} is ahead of this clock (${nowSeconds})`, {
      time: header.time,
      nowSeconds,
    })
  }
}
