import type { Parts } from '../parts.ts'
import { askAll } from '../peers/ask-all.ts'
import { findCoins } from '../peers/find-coins.ts'
import { agreedCoins } from './agree.ts'

/** Confirmed balance of anybody's address, in base units, as `minPeers` peers agree; null where they do not answer. */
export async function balanceOf(parts: Parts, h2: Uint8Array): Promise<bigint | null> {
  const { peers, chain, minPeers, signal, log } = parts
  const known = new Map()
  const answers = await askAll({
    peers,
    chain,
    signal,
    log,
    ask: (peer) => findCoins({ peer, chain, h2, known, signal }),
    enough: (found) => found.length >= minPeers,
  })
  if (answers.length < minPeers) return null
  const coins = agreedCoins(
    answers.map(({ answer }) => answer.coins),
    minPeers,
  )
  return coins.reduce((sum, { value }) => sum + value, 0n)
}
