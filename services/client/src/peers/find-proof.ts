import { questions, request } from '@camelid/p2p'
import type { HeaderChain } from '../headers/header-chain.ts'
import type { Parts } from '../parts.ts'
import { askAll } from './ask-all.ts'
import type { Peer } from './peer-set.ts'
import { type ProvenTransaction, verifyProof } from './verify-proof.ts'

const TIMEOUT_MS = 5_000

export interface Whereabouts {
  /** Where it stands in our best chain: proved, so one peer's word is enough. */
  readonly proven: ProvenTransaction | undefined
  /** Peers that hold it in their mempool, and peers that answered. */
  readonly inMempool: number
  readonly answered: number
}

/** Where a transaction is: in a block (with proof), in mempools, or nowhere that our peers know of. */
export async function findTransaction(
  parts: Pick<Parts, 'peers' | 'chain' | 'signal' | 'log'>,
  txid: Uint8Array,
): Promise<Whereabouts> {
  const { peers, chain, signal, log } = parts
  const answers = await askAll({
    peers,
    chain,
    signal,
    log,
    ask: (peer) => askOne({ peer, chain, txid, signal }),
    enough: (found) => found.some(({ proven }) => proven !== undefined),
  })
  return {
    proven: answers.find(({ answer }) => answer.proven !== undefined)?.answer.proven,
    inMempool: answers.filter(({ answer }) => answer.inMempool).length,
    answered: answers.length,
  }
}

async function askOne(options: {
  peer: Peer
  chain: HeaderChain
  txid: Uint8Array
  signal: AbortSignal
}): Promise<{ proven: ProvenTransaction | undefined; inMempool: boolean }> {
  const { peer, chain, txid, signal } = options
  const answer = await request(peer.connection, questions.proof, { txid }, { timeoutMs: TIMEOUT_MS, signal })
  const proven = answer.proof === undefined ? undefined : verifyProof(chain, answer.proof, txid)
  return { proven, inMempool: answer.inMempool }
}
