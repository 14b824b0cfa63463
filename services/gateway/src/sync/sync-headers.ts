import { decodeHeader, headerHash } from '@camelid/codec'
import { questions, request } from '@camelid/p2p'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import type { Judgement } from '../relay/owner-stream.ts'
import type { HeaderTerm } from './header-lead.ts'

const HEADER_BYTES = 80
const MAX_HEADERS = 2_000
const ANSWER_MS = 30_000
/** Messages in a row that bring no header we did not have: a locator leads past what is known, so that few of them are honest. */
const MAX_STALE = 64

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
 * Asks a peer for headers after the best we have until it has no more, gives them to the chain, and has the blocks fetched that the
 * chain wants. Gives the number of headers that came.
 * @throws P2pError, RpcError, GatewayError UNAVAILABLE where peer or chain do not answer
 */
export async function syncHeaders(parts: GatewayParts, peer: Peer, term: HeaderTerm): Promise<number> {
  const state = await parts.owners.chain.getSyncState({ withLocator: true }, { signal: parts.signal })
  let locator: readonly Uint8Array[] = state.locator
  let count = 0
  for (let stale = 0; stale <= MAX_STALE; ) {
    const answer = await term.during(
      request(
        peer.connection,
        questions.headers,
        { locator: [...locator] },
        { timeoutMs: ANSWER_MS, signal: parts.signal },
      ),
    )
    if (answer.headers.length === 0) {
      // It has nothing beyond what the locator named: its tip lies there.
      parts.blocks.reaches(peer, Math.min(state.bestHeight, answer.firstHeight - 1), state.pathEpoch)
      return count
    }
    if (!wholeHeaders(answer.headers)) {
      parts.charge(peer, 100, 'BAD_HEADERS: the answer to GetHeaders is not whole headers')
      return count
    }
    count += answer.headers.length / HEADER_BYTES
    const judgement = await takeHeaders(parts, peer, answer.headers)
    if (judgement.outcome === 'unavailable') throw new GatewayError('UNAVAILABLE', judgement.detail)
    // Every locator ends at genesis: an answer that follows none of its hashes is made up.
    if (judgement.code === 'UNKNOWN_PARENT')
      parts.charge(peer, 50, 'UNCONNECTED_HEADERS: the answer to GetHeaders follows none of the hashes asked for')
    const last = lastHash(answer.headers)
    const more = answer.headers.length === MAX_HEADERS * HEADER_BYTES
    if (!more || last === undefined || judgement.outcome === 'reject' || judgement.code !== '') return count
    // The same batch again and again would never end.
    if (locator.some((hash) => Buffer.compare(hash, last) === 0)) return count
    stale = judgement.outcome === 'ok' ? 0 : stale + 1
    locator = [last, ...locator.slice(0, 64)]
  }
  return count
}

/** Gives headers to the chain, charges for bad ones, and has wanted blocks fetched. */
export async function takeHeaders(parts: GatewayParts, peer: Peer, headers: Uint8Array): Promise<Judgement> {
  const judgement = await parts.owners.judgeChain(peer.connection.peerH2, { case: 'headers', value: headers })
  if (judgement.outcome === 'reject') parts.charge(peer, judgement.score, `${judgement.code}: ${judgement.detail}`)
  if (judgement.outcome === 'reject' || judgement.code !== '') return judgement
  const { height = 0, onBestPath = false, pathEpoch = 0 } = judgement
  if (onBestPath) parts.blocks.reaches(peer, height, pathEpoch)
  parts.blocks.want(peer, judgement.wanted)
  await parts.wanted.ask()
  return judgement
}
