import { headerHash } from '@camelid/codec'
import type { NetworkParams } from '../params/network-params.ts'
import { networkParams } from '../params/networks.ts'

const BITS = 0x207fffff

/** `local` with a proof of work that a test finds in a few hashes, and a genesis of its own. */
export function easyParams(): NetworkParams {
  const local = networkParams('local')
  const header = { ...local.genesis.header, bits: BITS }
  return { ...local, powLimitBits: BITS, genesis: { ...local.genesis, header }, genesisHash: headerHash(header) }
}
