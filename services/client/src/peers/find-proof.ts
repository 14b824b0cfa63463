import { questions, request } from '@camelid/p2p'
import type { HeaderChain } from '../headers/header-chain.ts'
import type { Parts } from '../parts.ts'
import { askAll } from './ask-all.ts'
import type { Peer } from './peer-set.ts'
import { type ProvenTransaction, verifyProof } from './verify-proof.ts'

const TIMEOUT_MS = 5_000
/** Blocks on top of one, after which no honest peer with as high a chain can have missed it. */
const BURIED = 6

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
  const denials: Denial[] = []
  let found: ProvenTransaction | undefined
  const answers = await askAll({
    peers,
    chain,
    signal,
    log,
    ask: async (peer) => {
      const { proven, inMempool, tipHeight } = await askOne({ peer, chain, txid, signal })
      if (proven !== undefined) found = proven
      else denials.push({ peer, tipHeight })
      if (found !== undefined) for (const one of denials.splice(0)) judgeDenial(parts, found, one)
      return { proven, inMempool }
    },
    enough: (all) => all.some(({ proven }) => proven !== undefined),
  })
  return {
    proven: answers.find(({ answer }) => answer.proven !== undefined)?.answer.proven,
    inMempool: answers.filter(({ answer }) => answer.inMempool).length,
    answered: answers.length,
  }
}

/** A peer that gave no proof, and how high its chain is, as it says. */
interface Denial {
  readonly peer: Peer
  readonly tipHeight: number
}

/** Drops a peer that withheld the proof of what its chain holds deep down: no reorganisation explains that. */
function judgeDenial(
  { peers, chain }: Pick<Parts, 'peers' | 'chain'>,
  { blockHash, height }: ProvenTransaction,
  { peer, tipHeight }: Denial,
): void {
  if (!chain.isBest(blockHash) || Math.min(chain.tip.height, tipHeight) < height + BURIED) return
  peers.drop(peer, `withheld the proof of a transaction in block ${height}, at height ${tipHeight}`)
}

async function askOne(options: {
  peer: Peer
  chain: HeaderChain
  txid: Uint8Array
  signal: AbortSignal
}): Promise<{ proven: ProvenTransaction | undefined; inMempool: boolean; tipHeight: number }> {
  const { peer, chain, txid, signal } = options
  const answer = await request(peer.connection, questions.proof, { txid }, { timeoutMs: TIMEOUT_MS, signal })
  const proven = answer.proof === undefined ? undefined : verifyProof(chain, answer.proof, txid)
  return { proven, inMempool: answer.inMempool, tipHeight: answer.tipHeight }
}
