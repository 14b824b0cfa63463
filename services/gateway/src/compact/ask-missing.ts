import { isCoded } from '@camelid/errors'
import { questions, request } from '@camelid/p2p'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'

/** Who announces a block has its transactions at hand. */
const ANSWER_MS = 5_000
/** It costs little: half of it is forgotten in ten minutes. Its compact blocks are asked for no more. */
const LATE_SCORE = 5
const WRONG_SCORE = 20

/**
 * The transactions of a block at some positions, from the peer whose compact block names them; undefined where it does not send them:
 * it is charged for it, unless it says that it cannot.
 */
export async function askMissing(
  parts: Pick<GatewayParts, 'charge' | 'signal' | 'compact'>,
  peer: Peer,
  { hash, indexes }: { readonly hash: Uint8Array; readonly indexes: readonly number[] },
): Promise<Uint8Array[] | undefined> {
  try {
    const { transactions } = await request(
      peer.connection,
      questions.blockTransactions,
      { hash, indexes: [...indexes] },
      { timeoutMs: ANSWER_MS, signal: parts.signal },
    )
    if (transactions.length === indexes.length) return transactions
    parts.charge(peer, WRONG_SCORE, 'BAD_BLOCK_TRANSACTIONS: sent other transactions than asked for')
  } catch (error) {
    if (!isCoded(error)) throw error
    if (error.code === 'REQUEST_TIMEOUT')
      parts.charge(peer, LATE_SCORE, 'LATE_BLOCK_TRANSACTIONS: did not send what its compact block lacks')
    else if (error.score > 0) parts.charge(peer, error.score, `${error.code}: ${error.message}`)
  }
  parts.compact.forget(peer)
  return undefined
}
