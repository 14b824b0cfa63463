import { encodeTransaction, MAX_TRANSACTION_BYTES, NULL_JOB_ID, type Transaction, type TxOut } from '@camelid/codec'
import { p2pkhScript, signP2pkhInput } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { Coin } from './coin.ts'
import { selectCoins } from './select-coins.ts'
import { outputBytes } from './transaction-size.ts'
import { WalletError } from './wallet-error.ts'
import type { WalletKey } from './wallet-key.ts'

const VERSION = 1
// The last but one: not replaceable, and a lockTime would hold.
const SEQUENCE = 0xfffffffe
// Two pushes: the longest low-S signature with its type, and the key.
const MAX_SCRIPT_SIG_BYTES = 107

/**
 * A signed transaction that pays `outputs` from P2PKH coins and what is left to `change` (an h2), last among its outputs
 * (protocol: Transaction). Fee: `feeRate` base units a byte of the longest form, and change too small to keep.
 * @throws WalletError BAD_AMOUNT, INSUFFICIENT_FUNDS, TOO_MANY_COINS, TOO_LARGE, KEY_MISSING
 *   where a chosen coin has no key here
 */
export function buildSpend(spend: {
  coins: readonly Coin[]
  outputs: readonly TxOut[]
  change: Uint8Array
  key: WalletKey | readonly WalletKey[]
  feeRate: bigint
  lockTime?: number
}): Transaction {
  const { outputs } = spend
  if (outputs.some((output) => output.value < 0n))
    throw new WalletError('BAD_AMOUNT', 'An output is worth less than zero.')
  const selection = selectCoins({
    coins: spend.coins,
    target: outputs.reduce((total, output) => total + output.value, 0n),
    feeRate: spend.feeRate,
    outputs: outputs.length,
    bytesOfOutputs: outputs.reduce((total, output) => total + outputBytes(output.scriptPubKey), 0),
  })
  const change: TxOut = { value: selection.change, scriptPubKey: p2pkhScript(spend.change) }
  const unsigned: Transaction = {
    version: VERSION,
    vin: selection.coins.map((coin) => ({ prevout: coin.outpoint, scriptSig: new Uint8Array(0), sequence: SEQUENCE })),
    vout: selection.change > 0n ? [...outputs, change] : outputs,
    lockTime: spend.lockTime ?? 0,
    jobId: NULL_JOB_ID,
  }
  const room = MAX_TRANSACTION_BYTES - unsigned.vin.length * MAX_SCRIPT_SIG_BYTES
  if (encodeTransaction(unsigned).length > room) {
    throw new WalletError('TOO_LARGE', 'The payment has too many outputs for one transaction: split it into several.')
  }
  return signSpend(unsigned, selection.coins, 'privateKey' in spend.key ? [spend.key] : spend.key)
}

/** Signs every input, of type ALL; `coins` in the order of the inputs. @throws WalletError KEY_MISSING */
function signSpend(unsigned: Transaction, coins: readonly Coin[], keys: readonly WalletKey[]): Transaction {
  const keyOf = new Map(keys.map((key) => [bytesToHex(key.h2), key]))
  const vin = coins.map((coin, index) => {
    const key = keyOf.get(bytesToHex(coin.h2))
    if (key === undefined) {
      throw new WalletError('KEY_MISSING', `The wallet has no key for the coin of h2 ${bytesToHex(coin.h2)}.`)
    }
    const scriptSig = signP2pkhInput(unsigned, index, key.privateKey, key.publicKey)
    return { prevout: coin.outpoint, scriptSig, sequence: SEQUENCE }
  })
  return { ...unsigned, vin }
}
