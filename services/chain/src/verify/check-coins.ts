import { classifyScript, parseBond, subsidy } from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import type { FiledCoin } from '../store/state-tables.ts'
import { Finding } from './finding.ts'

/** Looks at each coin as it passes, and adds up what there is. */
export class CoinCheck {
  readonly #height: number
  #total = 0n
  #bonds = 0n
  #finding: Finding | undefined

  /** @param height of the tip */
  constructor(height: number) {
    this.#height = height
  }

  /** Base units. */
  get total(): bigint {
    return this.#total
  }

  /** Coins that are bonds. */
  get bonds(): bigint {
    return this.#bonds
  }

  get finding(): Finding | undefined {
    return this.#finding
  }

  see(coin: FiledCoin): void {
    this.#total += coin.value
    if (parseBond(coin.scriptPubKey) !== null) this.#bonds++
    this.#finding ??= faultOf(coin, this.#height)
  }
}

function faultOf({ outpoint, value, height, scriptPubKey, h2 }: FiledCoin, tip: number): Finding | undefined {
  const named = `output ${bytesToHex(outpoint)}`
  if (outpoint.length !== 36 || value < 0n || height < 0 || height > tip)
    return new Finding('COIN_DAMAGED', `${named} has a value or height that cannot be`)
  const script = classifyScript(scriptPubKey)
  const filed = script.kind === 'p2pkh' ? h2 !== null && equalBytes(h2, script.h2) : h2 === null
  return filed ? undefined : new Finding('INDEX_MISMATCH', `${named} is filed under an address that is not its own`)
}

/** All that blocks up to `height` may have made, base units; genesis made nothing. */
export function allSubsidies(height: number): bigint {
  let total = 0n
  // By halvings: a sum over every block would take long.
  for (let next = 1; next <= height; ) {
    const amount = subsidy(next)
    const span = HALVING - (next % HALVING)
    const last = Math.min(height, next + span - 1)
    total += amount * BigInt(last - next + 1)
    next = last + 1
  }
  return total
}

/** Protocol: Networks. `subsidy` changes only at multiples of it. */
const HALVING = 1_000_000
