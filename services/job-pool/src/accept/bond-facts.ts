import { type OutPoint, outPointKey } from '@camelid/codec'
import { classifyScript } from '@camelid/consensus'
import { type BondFacts, jobError } from '@camelid/job'
import { isNotFound } from '../is-not-found.ts'
import type { Pool } from '../pool.ts'

/** What the chain says of a bond outpoint. @throws JobError BOND_MISMATCH where there is no such bond; RpcError */
export async function bondFacts(pool: Pool, outpoint: OutPoint): Promise<BondFacts> {
  const missing = () => jobError('BOND_MISMATCH', `${outPointKey(outpoint)} is no bond`)
  const { output, spent } = await pool.chain
    .getOutput({ outpoint }, { signal: pool.signal })
    .catch((error: unknown) => {
      if (isNotFound(error)) throw missing()
      throw error
    })
  if (output === undefined) throw missing()
  const script = classifyScript(output.scriptPubKey)
  if (script.kind !== 'bond') throw missing()
  const { nodeKey, unbondHeight } = script
  return { outpoint, value: output.value, nodeKey, unbondHeight, height: output.height, spent }
}
