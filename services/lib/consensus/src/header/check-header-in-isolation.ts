import { type BlockHeader, displayHash, headerHash } from '@camelid/codec'
import { ConsensusError } from '../error/consensus-error.ts'
import type { NetworkParams } from '../params/network-params.ts'
import { bitsToTarget } from '../pow/compact-bits.ts'
import { hashToNumber } from '../pow/hash-number.ts'

/**
 * What a header must satisfy whatever it builds on (protocol §4): its bits are a target no easier than the limit, and its hash meets them.
 * Returns the hash. Throws BAD_BITS, BAD_POW.
 */
export function checkHeaderInIsolation(header: BlockHeader, params: NetworkParams): Uint8Array {
  const target = bitsToTarget(header.bits)
  if (target > bitsToTarget(params.powLimitBits)) {
    throw new ConsensusError('BAD_BITS', `bits 0x${header.bits.toString(16)} are easier than the network's limit`, {
      bits: header.bits,
    })
  }
  const hash = headerHash(header)
  if (hashToNumber(hash) > target) {
    throw new ConsensusError('BAD_POW', `block ${displayHash(hash)} does not meet its own bits`, {
      hash: displayHash(hash),
    })
  }
  return hash
}
