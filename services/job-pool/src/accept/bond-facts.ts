import { type Job, type OutPoint, outPointKey } from '@camelid/codec'
import { classifyScript } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'
import { type BondFacts, checkBond, jobError } from '@camelid/job'
import { isNotFound } from '../is-not-found.ts'
import type { Pool } from '../pool.ts'

/**
 * The bond slot that another node names for a job, which must be that node's, aged, of at least X, and locked beyond
 * H + V (protocol §6, Reserved). @throws JobError BOND_…; CodedError CHAIN_AWAY; RpcError
 */
export async function checkedBond(
  pool: Pool,
  use: {
    readonly outpoint: OutPoint
    readonly nodeKey: Uint8Array
    readonly job: Job
    /** H of the commitment; undefined before there is one. */
    readonly height?: number
  },
): Promise<BondFacts> {
  const tipHeight = pool.tip.height
  if (tipHeight === null) throw new CodedError('CHAIN_AWAY', 'the chain service does not answer: try again')
  const bond = await bondFacts(pool, use.outpoint)
  if (!equalBytes(bond.nodeKey, use.nodeKey)) throw jobError('BOND_MISMATCH', 'the bond belongs to another node')
  const height = use.height ?? tipHeight + pool.params.delayMin
  checkBond({ bond, job: use.job, params: pool.params, tipHeight, height })
  return bond
}

/**
 * What the chain says of a bond outpoint.
 * @throws JobError BOND_UNKNOWN, blameless, where our chain does not know the output: it may be behind; BOND_MISMATCH where it is no bond; RpcError
 */
async function bondFacts(pool: Pool, outpoint: OutPoint): Promise<BondFacts> {
  const missing = () => jobError('BOND_UNKNOWN', `no output ${outPointKey(outpoint)} is known here`)
  const { output, spent } = await pool.chain
    .getOutput({ outpoint }, { signal: pool.signal })
    .catch((error: unknown) => {
      if (isNotFound(error)) throw missing()
      throw error
    })
  if (output === undefined) throw missing()
  const script = classifyScript(output.scriptPubKey)
  if (script.kind !== 'bond') throw jobError('BOND_MISMATCH', `${outPointKey(outpoint)} is no bond`)
  const { nodeKey, unbondHeight } = script
  return { outpoint, value: output.value, nodeKey, unbondHeight, height: output.height, spent }
}
