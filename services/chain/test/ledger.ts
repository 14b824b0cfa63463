import { decodeBlock, encodeOutPoint, type OutPoint, txid } from '@camelid/codec'
import { isUnspendable, parseP2pkh } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'

export interface LedgerCoin {
  readonly outpoint: OutPoint
  readonly value: bigint
  readonly scriptPubKey: Uint8Array
  readonly height: number
  readonly coinbase: boolean
}

/** What a row of blocks, the first at height 1, comes to: reckoned one output at a time, by nothing that the service uses. */
export interface Ledger {
  readonly coins: ReadonlyMap<string, LedgerCoin>
  /** `h2 height position txid received sent`, sorted. */
  readonly history: readonly string[]
}

export function ledgerOf(blocks: readonly Uint8Array[]): Ledger {
  const coins = new Map<string, LedgerCoin>()
  const history: string[] = []
  for (const [i, raw] of blocks.entries()) {
    const height = i + 1
    for (const [position, transaction] of decodeBlock(raw).transactions.entries()) {
      const id = txid(transaction)
      const sums = new Map<string, [received: bigint, sent: bigint]>()
      const note = (script: Uint8Array, received: bigint, sent: bigint) => {
        const h2 = parseP2pkh(script)
        if (h2 === null) return
        const [before, gone] = sums.get(bytesToHex(h2)) ?? [0n, 0n]
        sums.set(bytesToHex(h2), [before + received, gone + sent])
      }
      for (const { prevout } of position === 0 ? [] : transaction.vin) {
        const key = bytesToHex(encodeOutPoint(prevout))
        const coin = coins.get(key)
        if (coin === undefined) throw new Error(`block ${height} spends what is not there`)
        coins.delete(key)
        note(coin.scriptPubKey, 0n, coin.value)
      }
      for (const [index, { value, scriptPubKey }] of transaction.vout.entries()) {
        note(scriptPubKey, value, 0n)
        if (isUnspendable(scriptPubKey)) continue
        const outpoint = { txid: id, index }
        coins.set(bytesToHex(encodeOutPoint(outpoint)), {
          outpoint,
          value,
          scriptPubKey,
          height,
          coinbase: position === 0,
        })
      }
      for (const [h2, [received, sent]] of sums)
        history.push([h2, height, position, bytesToHex(id), received, sent].join(' '))
    }
  }
  return { coins, history: history.toSorted() }
}

/** The coins as rows of the table `utxos`: `outpoint value script height coinbase h2`, sorted. */
export function rowsOfLedger({ coins }: Ledger): string[] {
  return [...coins]
    .map(([key, { value, scriptPubKey, height, coinbase }]) => {
      const h2 = parseP2pkh(scriptPubKey)
      return [key, value, bytesToHex(scriptPubKey), height, coinbase, h2 === null ? '' : bytesToHex(h2)].join(' ')
    })
    .toSorted()
}
