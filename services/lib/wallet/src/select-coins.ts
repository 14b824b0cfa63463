import { MAX_TRANSACTION_BYTES } from '@camelid/codec'
import { compareBytes } from '@camelid/crypto'
import type { Coin } from './coin.ts'
import { exactMatch } from './exact-match.ts'
import { P2PKH_INPUT_BYTES, P2PKH_OUTPUT_BYTES, transactionBytes } from './transaction-size.ts'
import { WalletError } from './wallet-error.ts'

/** Change below this many base units is dust at any fee rate. */
export const MIN_CHANGE = 1_000n

/** The least change worth making at `feeRate` base units a byte: below it, spending it later would cost more than it is worth. */
export function leastChange(feeRate: bigint): bigint {
  const cost = BigInt(P2PKH_INPUT_BYTES) * feeRate
  return cost > MIN_CHANGE ? cost : MIN_CHANGE
}

export interface Selection<C extends Coin = Coin> {
  readonly coins: readonly C[]
  /** Base units; what the inputs are worth above the target and the change. */
  readonly fee: bigint
  /** Base units; 0 where there is no change output. */
  readonly change: bigint
}

/** What is to be paid. `outputs` and `bytesOfOutputs` leave the change out; one P2PKH output unless said. */
interface Wish<C extends Coin> {
  readonly coins: readonly C[]
  readonly target: bigint
  readonly feeRate: bigint
  readonly outputs?: number
  readonly bytesOfOutputs?: number
}

/**
 * Chooses coins worth `target` and the fee at `feeRate` (base units a byte): those that need no change, found by branch and
 * bound, where what they pay too much is less than change would cost; else the smallest coin that does alone; else the
 * largest first, so that the transaction is as short as can be. The same coins in any order give the same choice. With
 * change the fee is size × rate; without, it may be above that by less than a change output and the least change.
 * @throws WalletError BAD_AMOUNT, INSUFFICIENT_FUNDS (data: missing), TOO_MANY_COINS where no transaction could hold them
 */
export function selectCoins<C extends Coin>(wish: Wish<C>): Selection<C> {
  const { target, feeRate } = wish
  if (target <= 0n) throw new WalletError('BAD_AMOUNT', `An amount must be above zero, not ${target}.`)
  if (feeRate < 0n) throw new WalletError('BAD_AMOUNT', `A fee rate cannot be negative: ${feeRate}.`)
  // A coin worth less than its own input would only make the sum smaller.
  const falling = wish.coins.filter((coin) => valueAdded(coin, feeRate) > 0n).toSorted(largestFirst)
  const selection = withoutChange(wish, falling) ?? alone(wish, falling) ?? largest(wish, falling)
  if ('coins' in selection) return selection
  const { missing } = selection
  throw new WalletError('INSUFFICIENT_FUNDS', `The wallet is ${missing} base units short of amount and fee.`, {
    data: { missing },
  })
}

function withoutChange<C extends Coin>(wish: Wish<C>, falling: readonly C[]): Selection<C> | undefined {
  const { target, feeRate } = wish
  const needed = target + BigInt(sizeOf(wish, 0, false)) * feeRate
  const costOfChange = BigInt(P2PKH_OUTPUT_BYTES + P2PKH_INPUT_BYTES) * feeRate
  const places = exactMatch(
    falling.map((coin) => valueAdded(coin, feeRate)),
    needed,
    costOfChange,
  )
  if (places === undefined) return undefined
  const chosen = falling.filter((_, place) => places.includes(place))
  if (sizeOf(wish, chosen.length, true) > MAX_TRANSACTION_BYTES) return undefined
  // Above 252 inputs their count takes two more bytes, which may be just too much.
  return judge(wish, chosen)
}

function alone<C extends Coin>(wish: Wish<C>, falling: readonly C[]): Selection<C> | undefined {
  const coin = falling.toReversed().find((one) => judge(wish, [one]) !== undefined)
  return coin === undefined ? undefined : judge(wish, [coin])
}

function largest<C extends Coin>(wish: Wish<C>, falling: readonly C[]): Selection<C> | { missing: bigint } {
  const chosen: C[] = []
  for (const coin of falling) {
    chosen.push(coin)
    if (sizeOf(wish, chosen.length, true) > MAX_TRANSACTION_BYTES) throw tooMany(chosen.length - 1)
    const selection = judge(wish, chosen)
    if (selection !== undefined) return selection
  }
  return { missing: wish.target + BigInt(sizeOf(wish, Math.max(chosen.length, 1), false)) * wish.feeRate - sum(chosen) }
}

/** What these coins would pay; undefined where they are not enough. */
function judge<C extends Coin>(wish: Wish<C>, coins: readonly C[]): Selection<C> | undefined {
  const { target, feeRate } = wish
  const spare = sum(coins) - target
  const change = spare - BigInt(sizeOf(wish, coins.length, true)) * feeRate
  if (change >= leastChange(feeRate)) return { coins, fee: spare - change, change }
  const needed = BigInt(sizeOf(wish, coins.length, false)) * feeRate
  return spare >= needed ? { coins, fee: spare, change: 0n } : undefined
}

function sizeOf<C extends Coin>({ outputs = 1, bytesOfOutputs }: Wish<C>, inputs: number, withChange: boolean): number {
  const bytes = (bytesOfOutputs ?? P2PKH_OUTPUT_BYTES) + (withChange ? P2PKH_OUTPUT_BYTES : 0)
  return transactionBytes(inputs, withChange ? outputs + 1 : outputs, bytes)
}

/** What a coin is worth once its own input is paid for. */
function valueAdded(coin: Coin, feeRate: bigint): bigint {
  return coin.value - BigInt(P2PKH_INPUT_BYTES) * feeRate
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
