import { type Transaction, txid } from '@camelid/codec'
import { opReturnScript, p2pkhScript, parseP2pkh } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { type Branch, PAYEE, params, spend, toPayee } from './branch.ts'
import { type LedgerCoin, ledgerOf } from './ledger.ts'

export type Random = (below: number) => number

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Appends blocks that spend at random: rewards, outputs of other blocks and of the same one, to some addresses and to none. */
export function growAtRandom(branch: Branch, count: number, random: Random): void {
  for (let i = 0; i < count; i++) branch.add(transactions(branch, random), { tag: random(250) + 1 })
}

function transactions(branch: Branch, random: Random): Transaction[] {
  const height = branch.tip.height + 1
  const free = [...ledgerOf(branch.blocks).coins.values()].filter((coin) => isFree(coin, height))
  const made: Transaction[] = []
  for (let i = random(5); i > 0 && free.length > 0; i--) {
    const from = Array.from({ length: 1 + random(2) }, () => free.splice(random(free.length), 1)[0]).filter(
      (coin) => coin !== undefined,
    )
    const value = from.reduce((sum, coin) => sum + coin.value, 0n)
    const transaction = spend({ from, to: outputs(value, random) })
    made.push(transaction)
    const [first] = transaction.vout
    if (first !== undefined && isPayee(first.scriptPubKey))
      free.push({ ...first, outpoint: { txid: txid(transaction), index: 0 }, height, coinbase: false })
  }
  return made
}

function outputs(value: bigint, random: Random) {
  const part = value / 3n
  const elsewhere = { value: part, scriptPubKey: p2pkhScript(new Uint8Array(20).fill(random(3) + 1)) }
  switch (random(4)) {
    case 0:
      return [toPayee(value)]
    case 1:
      return [toPayee(value - part), elsewhere]
    case 2:
      return [elsewhere, toPayee(part), { value: 0n, scriptPubKey: opReturnScript(new Uint8Array(5)) }]
    default:
      return [toPayee(part), toPayee(value - 2n * part), elsewhere]
  }
}

const isPayee = (script: Uint8Array): boolean => {
  const h2 = parseP2pkh(script)
  return h2 !== null && equalBytes(h2, PAYEE)
}

const isFree = (coin: LedgerCoin, height: number): boolean =>
  isPayee(coin.scriptPubKey) && (!coin.coinbase || coin.height + params.coinbaseMaturity <= height)
