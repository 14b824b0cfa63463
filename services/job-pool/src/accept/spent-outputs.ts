import { outPointKey, type Transaction, type TxOut } from '@camelid/codec'
import { jobError } from '@camelid/job'
import { isNotFound } from '../is-not-found.ts'
import type { Pool } from '../pool.ts'

/** More inputs than this are refused before the chain is asked about each: join the coins first. */
const MAX_FUNDING_INPUTS = 128
const PARALLEL = 16

/** The confirmed, unspent outputs that F spends, in order. @throws JobError BAD_FUNDING; RpcError */
export async function spentOutputs(pool: Pool, funding: Transaction): Promise<TxOut[]> {
  if (funding.vin.length > MAX_FUNDING_INPUTS) {
    throw jobError('BAD_FUNDING', `funding transaction: over ${MAX_FUNDING_INPUTS} inputs; join the coins first`)
  }
  const outputs: TxOut[] = []
  for (let start = 0; start < funding.vin.length; start += PARALLEL) {
    const batch = funding.vin.slice(start, start + PARALLEL)
    outputs.push(...(await Promise.all(batch.map(({ prevout }) => spentOutput(pool, prevout)))))
  }
  return outputs
}

async function spentOutput(pool: Pool, prevout: { readonly txid: Uint8Array; readonly index: number }): Promise<TxOut> {
  const missing = () =>
    jobError('INSUFFICIENT_FUNDS', `funding transaction: ${outPointKey(prevout)} is not an unspent coin`)
  const { output, spent } = await pool.chain
    .getOutput({ outpoint: prevout }, { signal: pool.signal })
    .catch((error: unknown) => {
      if (isNotFound(error)) throw missing()
      throw error
    })
  if (output === undefined || spent) throw missing()
  return { value: output.value, scriptPubKey: output.scriptPubKey }
}
