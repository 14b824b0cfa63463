import type { Frame } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { answerCheckRequest } from './check-request.ts'
import { answerGetBlockTransactions } from './get-block-transactions.ts'
import { answerGetBlocks } from './get-blocks.ts'
import { answerGetCompactBlock } from './get-compact-block.ts'
import { answerGetHeaders } from './get-headers.ts'
import { answerGetJob } from './get-job.ts'
import { answerGetOpenJobs } from './get-open-jobs.ts'
import { answerGetOutput } from './get-output.ts'
import { answerGetPeers } from './get-peers.ts'
import { answerGetProof } from './get-proof.ts'
import { answerGetTransactions } from './get-transactions.ts'
import { answerGetUtxos } from './get-utxos.ts'

type Answer = (parts: GatewayParts, peer: Peer, frame: Frame) => Promise<void>

const ANSWERS = new Map<number, Answer>([
  [MessageType.GET_PEERS, answerGetPeers],
  [MessageType.GET_HEADERS, answerGetHeaders],
  [MessageType.GET_BLOCKS, answerGetBlocks],
  [MessageType.GET_TRANSACTIONS, answerGetTransactions],
  [MessageType.GET_COMPACT_BLOCK, answerGetCompactBlock],
  [MessageType.GET_BLOCK_TRANSACTIONS, answerGetBlockTransactions],
  [MessageType.GET_UTXOS, answerGetUtxos],
  [MessageType.GET_OUTPUT, answerGetOutput],
  [MessageType.GET_PROOF, answerGetProof],
  [MessageType.GET_JOB, answerGetJob],
  [MessageType.GET_OPEN_JOBS, answerGetOpenJobs],
  [MessageType.CHECK_REQUEST, answerCheckRequest],
])

export function isQuestion(type: number): boolean {
  return ANSWERS.has(type)
}

/**
 * Answers a peer's question from chain or job-pool.
 * @throws CodedError where that fails, or the question is none
 */
export async function answerQuestion(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  await ANSWERS.get(frame.type)?.(parts, peer, frame)
}
