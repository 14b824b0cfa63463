import { displayHash } from '@camelid/codec'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import type { Drop } from './drop.ts'
import type { Entry } from './mempool.ts'

/**
 * Entries that would settle the same as this one and give way to it: a verdict with its quorum takes the payment out (protocol: Job,
 * "nothing but a block, the job's end or S's quorum removes P"); nothing else takes another's place.
 * @param except goes anyway
 * @throws ChainError MEMPOOL_CONFLICT
 */
export function settledOtherwise({ mempool }: ChainState, entry: Entry, except?: Entry): Drop[] {
  if (entry.settlement === null) return []
  const others = mempool.withSettlement(entry.settlement).filter((other) => other !== except)
  return others.map((other) => {
    if (!entry.byVerdict || other.byVerdict)
      throw new ChainError(
        'MEMPOOL_CONFLICT',
        `${displayHash(other.txid)} settles the same job and waits for a block`,
        { settledBy: displayHash(other.txid) },
      )
    return { entry: other, reason: 'SLASHED' }
  })
}
