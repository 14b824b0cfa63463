import { type BlockHeader, decodeHeader, headerHash } from '@camelid/codec'
import { isCoded } from '@camelid/errors'
import { questions, request } from '@camelid/p2p'
import type { Peer } from '../peers/peer-set.ts'
import type { HeaderChain } from './header-chain.ts'

const HEADER_BYTES = 80
const MAX_KNOWN_BATCHES = 100
const TIMEOUT_MS = 15_000

/**
 * Asks one peer for what lies beyond our headers until it has no more. Resolves when we hold all it offers.
 * Errors: ConsensusError, CodecError (with the score of what it sent), P2pError where it does not answer.
 */
export async function syncHeaders(options: { chain: HeaderChain; peer: Peer; signal: AbortSignal }): Promise<void> {
  const { chain, peer, signal } = options
  let last: Uint8Array | undefined
  let knownBatches = 0
  for (;;) {
    const locator = last === undefined ? chain.locator() : [last, ...chain.locator()]
    const answer = await request(peer.connection, questions.headers, { locator }, { timeoutMs: TIMEOUT_MS, signal })
    const headers = splitHeaders(answer.headers)
    const end = headers.at(-1)
    if (end === undefined) return
    const hash = headerHash(end)
    // Batches that we had before are normal while a peer leads us along a side branch, but not without end.
    if (chain.get(hash) !== undefined && ++knownBatches > MAX_KNOWN_BATCHES) return
    chain.accept(headers)
    last = hash
  }
}

/** Parses headers that stand one after another. Errors: CodecError. */
export function splitHeaders(bytes: Uint8Array): BlockHeader[] {
  const headers: BlockHeader[] = []
  for (let at = 0; at < bytes.length; at += HEADER_BYTES) headers.push(decodeHeader(bytes.slice(at, at + HEADER_BYTES)))
  return headers
}

/** Whether what a peer sent deserves to be dropped, rather than asked again: our clock or its gaps may be at fault. */
export function isBlameworthy(error: unknown): boolean {
  return isCoded(error) && error.score > 0 && error.code !== 'TIME_TOO_NEW'
}
