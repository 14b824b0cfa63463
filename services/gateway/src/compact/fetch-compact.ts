import { bytesToHex, equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { questions, request } from '@camelid/p2p'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import type { Judgement } from '../relay/owner-stream.ts'
import { rebuild, workOf } from './take-compact-block.ts'

/** Time to send a compact block: whoever announced it has it in memory. */
const ANSWER_MS = 3_000

/**
 * A peer announced one header: where its block is all that our chain lacks, it is asked for compact. Till that is over the full block
 * is not asked for.
 * @param judge gives the header to the chain
 */
export async function fetchCompact(
  parts: GatewayParts,
  peer: Peer,
  { hash, judge }: { readonly hash: Uint8Array; readonly judge: () => Promise<Judgement> },
): Promise<Judgement> {
  const key = bytesToHex(hash)
  if (!parts.compact.begin(key, peer)) return await judge()
  let wanted = false
  try {
    const judgement = await judge()
    wanted = judgement.wanted.length === 1 && judgement.wanted.every((one) => equalBytes(one, hash))
    if (wanted) await askCompact(parts, peer, hash)
    return judgement
  } finally {
    parts.compact.end(key, peer)
    // Where it came to nothing.
    if (wanted && !parts.compact.isBusy(key)) parts.blocks.want(peer, [hash])
  }
}

async function askCompact(parts: GatewayParts, peer: Peer, hash: Uint8Array): Promise<void> {
  try {
    const message = await request(
      peer.connection,
      questions.compactBlock,
      { hash },
      { timeoutMs: ANSWER_MS, signal: parts.signal },
    )
    if (equalBytes(workOf(parts, message), hash)) await rebuild(parts, peer, { message, hash })
    else parts.charge(peer, 20, 'BAD_COMPACT_BLOCK: sent another block than asked for')
  } catch (error) {
    // Slow, or without it: the full block may be had from others.
    if (!isCoded(error)) throw error
    if (error.score > 0) parts.charge(peer, error.score, `${error.code}: ${error.message}`)
    parts.log.debug({ err: error, peer: peer.h2Hex }, 'no compact block from a peer')
  }
}
