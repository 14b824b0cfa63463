import { isNotFound } from '../is-not-found.ts'
import type { Pool } from '../pool.ts'
import { refreshJob } from '../refresh.ts'
import { setInputsSpent } from '../store/chain-facts.ts'
import { type JobRecord, loadJob } from '../store/jobs.ts'
import { settle } from './block-connected.ts'

/** Asks the chain whether F's coins went into another transaction than P: then nothing can settle the job any more. */
export async function checkInputs(pool: Pool, id: Uint8Array): Promise<void> {
  const record = await loadJob(pool.sql, id)
  if (record === null || record.minedHash !== null) return
  if (record.paymentTxid !== null) {
    const mined = await whereMined(pool, record.paymentTxid)
    if (mined !== null) return await settle(pool, id, { ...mined, txid: record.paymentTxid })
  }
  const spent = await anySpent(pool, record)
  if (spent === record.inputsSpent) return
  await pool.locks.run(record.hex, async () => {
    await setInputsSpent(pool.sql, id, spent)
    await refreshJob(pool, id)
  })
  pool.driver.wake(record.hex)
}

/** The block of the best chain that holds the transaction, or null. @throws RpcError where the chain is away */
export async function whereMined(
  pool: Pool,
  txid: Uint8Array,
): Promise<{ readonly hash: Uint8Array; readonly height: number } | null> {
  const { proof } = await pool.chain.getProof({ txid }, { signal: pool.signal }).catch((error: unknown) => {
    if (isNotFound(error)) return { proof: undefined }
    throw error
  })
  return proof === undefined ? null : { hash: Uint8Array.from(proof.blockHash), height: proof.height }
}

async function anySpent(pool: Pool, record: JobRecord): Promise<boolean> {
  for (const { prevout } of record.funding.vin) {
    const spent = await pool.chain.getOutput({ outpoint: prevout }, { signal: pool.signal }).then(
      (answer) => answer.spent,
      (error: unknown) => {
        if (isNotFound(error)) return false
        throw error
      },
    )
    if (spent) return true
  }
  return false
}
