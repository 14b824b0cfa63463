import { p2pkhScript } from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { questions, request } from '@camelid/p2p'
import type { HeaderChain } from '../headers/header-chain.ts'
import type { Coin } from '../store/coins.ts'
import { lie } from './lie.ts'
import type { Peer } from './peer-set.ts'
import { verifyOutput } from './verify-proof.ts'

/** Pages asked of one peer; a wallet beyond that should join its coins. */
const MAX_PAGES = 64
const TIMEOUT_MS = 10_000

/** What one peer says of an address. */
export interface FoundCoins {
  readonly coins: Coin[]
  /** A block paid it once, as this peer says: worth no more than to look further. */
  readonly used: boolean
}

/**
 * The unspent P2PKH outputs of an address as one peer tells them, each proved to exist by our own headers. Outputs that
 * are proved by blocks we do not hold (yet) are left out: they come with the next header.
 * Errors: AnswerError LIE; P2pError where the peer does not answer.
 */
export async function findCoins(options: {
  peer: Peer
  chain: HeaderChain
  h2: Uint8Array
  /** Coins proved before: their proofs need not be looked at again while their block stands. */
  known: ReadonlyMap<string, Coin>
  signal: AbortSignal
}): Promise<FoundCoins> {
  const { peer, chain, h2, known, signal } = options
  const script = p2pkhScript(h2)
  const found = new Map<string, Coin>()
  let used = false
  let after: { txid: Uint8Array; index: number } | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const init = { h2, ...(after !== undefined && { after }) }
    const answer = await request(peer.connection, questions.utxos, init, { timeoutMs: TIMEOUT_MS, signal })
    used ||= answer.used || answer.utxos.length > 0
    for (const utxo of answer.utxos) {
      const { outpoint } = utxo
      if (outpoint === undefined) throw lie('an output came without its outpoint')
      const key = coinKey(outpoint)
      if (found.has(key)) throw lie('the same output came twice')
      const before = known.get(key)
      if (before !== undefined && chain.isBest(before.blockHash)) {
        found.set(key, { ...before, inMempool: utxo.spentInMempool })
        continue
      }
      try {
        const proven = verifyOutput(chain, utxo)
        if (!equalBytes(proven.output.scriptPubKey, script)) throw lie('the output is not of the address asked for')
        found.set(key, {
          outpoint: { txid: proven.txid, index: proven.index },
          value: proven.output.value,
          height: proven.height,
          blockHash: proven.blockHash,
          coinbase: proven.coinbase,
          inMempool: utxo.spentInMempool,
        })
      } catch (error) {
        if (!(isCoded(error) && error.code === 'UNPROVEN')) throw error
      }
    }
    const last = answer.utxos.at(-1)?.outpoint
    if (!answer.more || last === undefined) break
    after = { txid: last.txid, index: last.index }
  }
  return { coins: [...found.values()], used }
}

/** One key an outpoint, for maps. */
export function coinKey({ txid, index }: { txid: Uint8Array; index: number }): string {
  return `${bytesToHex(txid)}:${index}`
}
