import type { NetworkParams } from '@camelid/consensus'
import { ClientError } from '../errors.ts'
import type { Parts } from '../parts.ts'
import type { Coin, OwnCoin } from '../store/coins.ts'

/** Inputs of one transaction at most, so that it stays well under the size limit. */
const MAX_INPUTS = 500

/**
 * Coins worth at least `target` base units: the smallest single one that is enough, else the largest until they are.
 * Undefined where all together are not enough.
 */
export function chooseCoins<C extends Coin>(coins: readonly C[], target: bigint): C[] | undefined {
  const bySize = [...coins].sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
  const single = bySize.find(({ value }) => value >= target)
  if (single !== undefined) return [single]
  const chosen: C[] = []
  let total = 0n
  for (const coin of bySize.reverse().slice(0, MAX_INPUTS)) {
    chosen.push(coin)
    total += coin.value
    if (total >= target) return chosen
  }
  return undefined
}

/** Whether a coin can go into a transaction of the next block. */
function isMature(coin: Coin, tipHeight: number, params: NetworkParams): boolean {
  return !coin.coinbase || tipHeight + 1 - coin.height >= params.coinbaseMaturity
}

/** Coins that may be promised now. */
export function spendableCoins({ coins, chain, params }: Pick<Parts, 'coins' | 'chain' | 'params'>): OwnCoin[] {
  return coins.free().filter((coin) => isMature(coin, chain.tip.height, params) && chain.isBest(coin.blockHash))
}

/** The refusal that says what is there, what is missing, and how to get it. */
export function insufficientFunds(
  { coins, keys, params }: Pick<Parts, 'coins' | 'keys' | 'params'>,
  amounts: { need: bigint; have: bigint },
): ClientError {
  const { need, have } = amounts
  const reserved = coins.reserved()
  const waiting = reserved > 0n ? ` (${coinsText(reserved)} more are reserved by jobs under way)` : ''
  const fund =
    params.name === 'local'
      ? `camelid faucet ${keys.address} 10`
      : `send at least ${coinsText(need - have)} coins to ${keys.address}`
  return new ClientError(
    'INSUFFICIENT_FUNDS',
    `${coinsText(need)} coins are needed, ${coinsText(have)} are free${waiting}. To fund the wallet: ${fund}`,
    { data: { have, need, reserved, address: keys.address } },
  )
}

/** Base units as coins, without needless zeros: 1000000 → "0.01". */
export function coinsText(units: bigint): string {
  const whole = units / 100_000_000n
  const rest = (units % 100_000_000n).toString().padStart(8, '0').replace(/0+$/, '')
  return rest === '' ? whole.toString() : `${whole}.${rest}`
}
