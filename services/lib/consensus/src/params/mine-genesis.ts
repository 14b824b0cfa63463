import { type BlockHeader, headerHash } from '@camelid/codec'
import { bitsToTarget } from '../pow/compact-bits.ts'
import { hashToNumber } from '../pow/hash-number.ts'

/**
 * The first nonce from 0 whose header hash meets the header's own bits: how the nonces in `networks.ts` were found.
 * About 65,000 hashes for `local`, 17,000,000 (a minute or two) for `main` and `test`. Returns null if none of the 2^32 fits.
 */
export function mineGenesis(header: BlockHeader): number | null {
  const target = bitsToTarget(header.bits)
  for (let nonce = 0; nonce <= 0xffffffff; nonce++) {
    if (hashToNumber(headerHash({ ...header, nonce })) <= target) return nonce
  }
  return null
}
