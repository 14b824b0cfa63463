import { MAX_TRANSACTION_BYTES } from '@camelid/codec'
import { compareBytes } from '@camelid/crypto'
import type { Coin } from './coin.ts'
import { P2PKH_INPUT_BYTES, P2PKH_OUTPUT_BYTES, transactionBytes } from './transaction-size.ts'
import { WalletError } from './wallet-error.ts'

/** Change below this many base units would cost more to spend than it is worth, so it goes into the fee. */
export const MIN_CHANGE = 1_000n

export interface Selection<C extends Coin = Coin> {
  readonly coins: readonly C[]
  /** Base units; what the inputs are worth above the target and the change. */
  readonly fee: bigint
  /** Base units; 0 where there is no change output. */
  readonly change: bigint
}

/**
 * Chooses coins worth `target` and the fee at `feeRate` (base units a byte): the smallest coin that does alone, else the
 * largest first, so that the transaction is as short as can be. The same coins in any order give the same choice.
 * `outputs` and `bytesOfOutputs` describe what the target is paid into, change left out; one P2PKH output unless said.
 * @throws WalletError BAD_AMOUNT, INSUFFICIENT_FUNDS (data: missing), TOO_MANY_COINS where no transaction could hold them
 */
export function selectCoins<C extends Coin>(wish: {
  coins: readonly C[]
  target: bigint
  feeRate: bigint
  outputs?: number
  bytesOfOutputs?: number
}): Selection<C> {
  if (wish.target <= 0n) throw new WalletError('BAD_AMOUNT', `An amount must be above zero, not ${wish.target}.`)
  if (wish.feeRate < 0n) throw new WalletError('BAD_AMOUNT', `A fee rate cannot be negative: ${wish.feeRate}.`)
  const outputs = wish.outputs ?? 1
  const sizeOf = (inputs: number, withChange: boolean) =>
    transactionBytes(
      inputs,
      withChange ? outputs + 1 : outputs,
      (wish.bytesOfOutputs ?? P2PKH_OUTPUT_BYTES) + (withChange ? P2PKH_OUTPUT_BYTES : 0),
    )
  const judge = (coins: readonly C[]): Selection<C> | undefined => {
    const spare = sum(coins) - wish.target
    const change = spare - BigInt(sizeOf(coins.length, true)) * wish.feeRate
    if (change >= MIN_CHANGE) return { coins, fee: spare - change, change }
    const needed = BigInt(sizeOf(coins.length, false)) * wish.feeRate
    return spare >= needed ? { coins, fee: spare, change: 0n } : undefined
  }

  // A coin worth less than its own input would only make the sum smaller.
  const cost = BigInt(P2PKH_INPUT_BYTES) * wish.feeRate
  const falling = wish.coins.filter((coin) => coin.value > cost).toSorted(largestFirst)
  const alone = falling.toReversed().find((coin) => judge([coin]) !== undefined)
  const chosen: C[] = alone === undefined ? [] : [alone]
  for (const coin of alone === undefined ? falling : []) {
    chosen.push(coin)
    if (sizeOf(chosen.length, true) > MAX_TRANSACTION_BYTES) throw tooMany(chosen.length - 1)
    if (judge(chosen) !== undefined) break
  }
  const selection = judge(chosen)
  if (selection !== undefined) return selection
  const missing = wish.target + BigInt(sizeOf(Math.max(chosen.length, 1), false)) * wish.feeRate - sum(chosen)
  throw new WalletError('INSUFFICIENT_FUNDS', `The wallet is ${missing} base units short of amount and fee.`, {
    data: { missing },
  })
}

function sum(coins: readonly Coin[]): bigint {
  return coins.reduce((total, coin) => total + coin.value, 0n)
}

function largestFirst(a: Coin, b: Coin): number {
  if (a.value !== b.value) return a.value > b.value ? -1 : 1
  return compareBytes(a.outpoint.txid, b.outpoint.txid) || a.outpoint.index - b.outpoint.index
}

function tooMany(most: number): WalletError {
  return new WalletError(
    'TOO_MANY_COINS',
    `The amount needs more than the ${most} coins that one transaction can spend: join small coins first by paying yourself.`,
  )
}
