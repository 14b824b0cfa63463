import { questions, request } from '@camelid/p2p'
import type { HeaderChain } from '../headers/header-chain.ts'
import { lie, unproven } from './lie.ts'
import type { Peer } from './peer-set.ts'
import { type ProvenOutput, verifyOutput } from './verify-proof.ts'

const TIMEOUT_MS = 5_000

export interface FoundOutput {
  readonly proven: ProvenOutput
  /** Spent in a block or promised in the mempool, as this peer says. */
  readonly spent: boolean
}

/**
 * One output as one peer tells it, its existence proved by our own headers.
 * Errors: AnswerError LIE, UNPROVEN; P2pError REFUSED where the peer knows no such output.
 */
export async function findOutput(options: {
  peer: Peer
  chain: HeaderChain
  outpoint: { txid: Uint8Array; index: number }
  signal: AbortSignal
}): Promise<FoundOutput> {
  const { peer, chain, outpoint, signal } = options
  const answer = await request(peer.connection, questions.output, { outpoint }, { timeoutMs: TIMEOUT_MS, signal })
  if (answer.output === undefined) throw unproven('the peer knows no such output')
  if (answer.output.outpoint === undefined) throw lie('an output came without its outpoint')
  const proven = verifyOutput(chain, answer.output, outpoint)
  return { proven, spent: answer.spent || answer.output.spentInMempool }
}
