import { hasJob, isCoinbase, MAX_MONEY, outPointKey, type Transaction } from '@camelid/codec'
import { ConsensusError } from '../error/consensus-error.ts'
import type { NetworkParams } from '../params/network-params.ts'
import { transactionSize } from './transaction-size.ts'

/** Bytes of a coinbase's scriptSig: at least a height, at most room for an extra nonce and a word. */
const COINBASE_SCRIPT_BYTES = { min: 2, max: 100 } as const

/**
 * What a transaction must satisfy whatever chain it is in (protocol §3). Throws ConsensusError.
 * @param params.maxMoney base units that there can be: of this chain unless given (Bitcoin's vectors know fewer)
 */
export function checkTransactionInIsolation(
  tx: Transaction,
  params: Pick<NetworkParams, 'maxTransactionBytes'> & { readonly maxMoney?: bigint },
): void {
  if (tx.vin.length === 0) throw new ConsensusError('NO_INPUTS', 'a transaction without inputs')
  if (tx.vout.length === 0) throw new ConsensusError('NO_OUTPUTS', 'a transaction without outputs')
  checkSize(tx, params.maxTransactionBytes)
  checkValues(tx, params.maxMoney ?? MAX_MONEY)
  if (isCoinbase(tx)) checkCoinbase(tx)
  else checkInputs(tx)
}

function checkSize(tx: Transaction, limit: number): void {
  const size = transactionSize(tx)
  if (size > limit) {
    throw new ConsensusError('TRANSACTION_TOO_BIG', `a transaction of ${size} bytes, at most ${limit} allowed`, {
      size,
    })
  }
}

function checkValues(tx: Transaction, limit: bigint): void {
  let total = 0n
  for (const { value } of tx.vout) {
    total += value
    // Both, so that neither one output nor their sum can pass what exists.
    if (value < 0n || value > limit || total > limit) {
      throw new ConsensusError('VALUE_TOO_BIG', 'outputs of more than all coins there are', { value })
    }
  }
}

function checkCoinbase(tx: Transaction): void {
  const length = tx.vin[0]?.scriptSig.length ?? 0
  if (length < COINBASE_SCRIPT_BYTES.min || length > COINBASE_SCRIPT_BYTES.max) {
    throw new ConsensusError('BAD_COINBASE', `a coinbase with a scriptSig of ${length} bytes, 2 to 100 allowed`)
  }
  if (hasJob(tx)) throw new ConsensusError('BAD_COINBASE', 'a coinbase that names a job')
}

function checkInputs(tx: Transaction): void {
  const seen = new Set<string>()
  for (const { prevout } of tx.vin) {
    if (prevout.index === 0xffffffff && prevout.txid.every((byte) => byte === 0)) {
      throw new ConsensusError('NULL_INPUT', 'an input that spends nothing outside a coinbase')
    }
    if (tx.vin.length === 1) continue
    const key = outPointKey(prevout)
    if (seen.has(key)) throw new ConsensusError('DUPLICATE_INPUT', 'two inputs that spend the same output')
    seen.add(key)
  }
}
