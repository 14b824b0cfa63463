import { decodeHeader, headerHash } from '@camelid/codec'
import { questions, request } from '@camelid/p2p'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import type { Judgement } from '../relay/owner-stream.ts'
import { chainLocator } from './locator.ts'

const HEADER_BYTES = 80
const MAX_HEADERS = 2_000
const ANSWER_MS = 30_000

/** Are these whole headers, and not too many? */
export function wholeHeaders(headers: Uint8Array): boolean {
  return headers.length % HEADER_BYTES === 0 && headers.length <= MAX_HEADERS * HEADER_BYTES
}

/** Hash of the last of some whole headers; undefined where there are none. */
export function lastHash(headers: Uint8Array): Uint8Array | undefined {
  if (headers.length < HEADER_BYTES) return undefined
  return headerHash(decodeHeader(headers.slice(-HEADER_BYTES)))
}

/**
 * Asks a peer for headers after ours until it has no more, gives them to the chain, and has the blocks fetched that the
 * chain wants. Gives the number of headers that came.
 * @throws P2pError, RpcError, GatewayError UNAVAILABLE where peer or chain do not answer
 */
export async function syncHeaders(parts: GatewayParts, peer: Peer): Promise<number> {
  let locator = await chainLocator(parts.owners.chain, parts.signal)
  let count = 0
  for (;;) {
    const answer = await request(
      peer.connection,
      questions.headers,
      { locator },
      { timeoutMs: ANSWER_MS, signal: parts.signal },
    )
    if (answer.headers.length === 0) return count
    if (!wholeHeaders(answer.headers)) {
      parts.charge(peer, 100, 'BAD_HEADERS: the answer to GetHeaders is not whole headers')
      return count
    }
    count += answer.headers.length / HEADER_BYTES
    const judgement = await takeHeaders(parts, peer, answer.headers)
    if (judgement.outcome === 'unavailable') throw new GatewayError('UNAVAILABLE', judgement.detail)
    const last = lastHash(answer.headers)
    const more = answer.headers.length === MAX_HEADERS * HEADER_BYTES
    if (!more || last === undefined || judgement.outcome === 'reject') return count
    // The same batch again and again would never end.
    if (locator.some((hash) => Buffer.compare(hash, last) === 0)) return count
    locator = [last, ...locator.slice(0, 64)]
  }
}

/** Gives headers to the chain, charges for bad ones, and has wanted blocks fetched. */
export async function takeHeaders(parts: GatewayParts, peer: Peer, headers: Uint8Array): Promise<Judgement> {
  const judgement = await parts.owners.judgeChain(peer.connection.peerH2, { case: 'headers', value: headers })
  if (judgement.outcome === 'reject') parts.charge(peer, judgement.score, `${judgement.code}: ${judgement.detail}`)
  else parts.blocks.want(peer, judgement.wanted)
  return judgement
}
