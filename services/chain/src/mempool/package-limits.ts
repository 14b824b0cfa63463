import { ChainError } from '../chain-error.ts'
import type { Mempool } from './mempool.ts'
import type { ParsedTransaction } from './new-entry.ts'
import { MAX_ANCESTOR_BYTES, MAX_ANCESTORS, MAX_DESCENDANT_BYTES, MAX_DESCENDANTS } from './policy.ts'

/**
 * Keeps families of unconfirmed transactions small.
 * @throws ChainError TOO_MANY_ANCESTORS, TOO_MANY_DESCENDANTS
 */
export function checkPackageLimits(mempool: Mempool, { tx, raw }: Pick<ParsedTransaction, 'tx' | 'raw'>): void {
  let count = 1
  let bytes = raw.length
  for (const { entry, descendants } of mempool.ancestorsOf(tx)) {
    count += 1
    bytes += entry.raw.length
    if (count > MAX_ANCESTORS || bytes > MAX_ANCESTOR_BYTES)
      throw new ChainError(
        'TOO_MANY_ANCESTORS',
        `it and the unconfirmed transactions before it are more than ${MAX_ANCESTORS} or ${MAX_ANCESTOR_BYTES} bytes: wait for a block`,
      )
    if (descendants.count >= MAX_DESCENDANTS || descendants.bytes + raw.length > MAX_DESCENDANT_BYTES)
      throw new ChainError(
        'TOO_MANY_DESCENDANTS',
        `an unconfirmed transaction before it would have more than ${MAX_DESCENDANTS} or ${MAX_DESCENDANT_BYTES} bytes rest on it: wait for a block`,
      )
  }
}
