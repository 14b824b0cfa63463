import type { Transaction, TxOut } from '@camelid/codec'
import { committee, type NetworkParams, type VerdictContext, verdictRequest } from '@camelid/consensus'
import type { AnySql } from '@camelid/store'
import { listBondsAt, type StoredBond } from '../store/bonds.ts'
import { findBestHeader } from '../store/headers.ts'

/** A transaction with the output that its first input spends: a spend by verdict has only one. */
export interface FirstSpend {
  readonly tx: Transaction
  readonly spent: TxOut
}

/**
 * The chain as verdicts see it, read beforehand for the heights that these transactions name: scripts cannot wait for a database.
 * @param options.height of the block that would hold the transactions; the best chain in `sql` ends right below it
 */
export async function loadVerdictContext(
  sql: AnySql,
  options: { readonly spends: readonly FirstSpend[]; readonly height: number; readonly params: NetworkParams },
): Promise<VerdictContext> {
  const { spends, height, params } = options
  const hashes = new Map<number, Uint8Array>()
  const bonds = new Map<number, StoredBond[]>()
  for (const named of new Set(spends.map(({ tx, spent }) => verdictRequest(tx, spent)?.height))) {
    if (named === undefined || named >= height || named + params.verdictLife < height) continue
    const header = await findBestHeader(sql, named)
    if (header === undefined) continue
    hashes.set(named, header.hash)
    const chosen = { at: named - params.bondAge, minimum: params.minimumBond, lockedBeyond: named + params.verdictLife }
    bonds.set(named, await listBondsAt(sql, chosen))
  }
  return {
    height,
    verdictLife: params.verdictLife,
    blockHash: (at) => hashes.get(at) ?? null,
    committee: (at, jobId, nodeKey) => {
      const blockHash = hashes.get(at)
      if (blockHash === undefined) return []
      return committee({ bonds: bonds.get(at) ?? [], nodeKey, jobId, blockHash, height: at, params })
    },
  }
}
