import { headerHash } from '@camelid/codec'
import { type NetworkParams, networkParams } from '@camelid/consensus'

/**
 * `local` with a proof of work that a test finds in a few hashes, and a contest window so long that no deadline passes
 * while a slow machine starts a process: tests move the clock instead.
 */
export function easyParams(): NetworkParams {
  const local = networkParams('local')
  const bits = 0x207fffff
  const header = { ...local.genesis.header, bits }
  return {
    ...local,
    contestWindow: 60,
    powLimitBits: bits,
    genesis: { ...local.genesis, header },
    genesisHash: headerHash(header),
  }
}
