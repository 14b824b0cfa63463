import { decodeHeader, HEADER_BYTES } from '@camelid/codec'
import { checkHeaderInIsolation, networkParams } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { Frame } from '@camelid/p2p'
import { type AcceptResponse, Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { type CompactBlock, CompactBlockSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { takeHeaders } from '../sync/sync-headers.ts'
import { fillCompactBlock } from './fill-compact-block.ts'

/** Time for what leads to a block to come; after that the full block is asked for as others are. */
const LEARN_MS = 5_000
/** Times that this is waited for: the parent may come to nothing, and what the peer tells be from before there was this block. */
const MAX_LEARNED = 3

/**
 * A peer announces a new block by a compact one, but once. Where its parent is not known, it is on its way too, or the peer has headers
 * to tell; then the block finds its place. So long the full one is not asked for.
 * @param learn takes the headers of the peer; never rejects
 * @throws ConsensusError BAD_BITS, BAD_POW; GatewayError BAD_REQUEST
 */
export async function takeCompactBlock(
  parts: GatewayParts,
  peer: Peer,
  { frame, learn }: { readonly frame: Frame; readonly learn: () => Promise<void> },
): Promise<void> {
  const message = readPayload(CompactBlockSchema, frame)
  // The answer to a question that was given up.
  if (message.requestId.length > 0) return
  parts.compact.renew(peer)
  const hash = workOf(parts, message)
  const key = bytesToHex(hash)
  const parent = bytesToHex(message.header.subarray(4, 36))
  peer.known.add(key)
  if (!parts.compact.begin(key, peer)) return
  try {
    let isLost = await rebuild(parts, peer, { message, hash })
    for (let learned = 0; isLost && learned < MAX_LEARNED; learned++) {
      await within(LEARN_MS, parts.compact.over(parent) ?? learn())
      isLost = await rebuild(parts, peer, { message, hash })
    }
  } finally {
    parts.compact.end(key, peer)
  }
}

/** Waits for it, but no longer than so many milliseconds. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, ms)
  try {
    await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Makes a block of a compact one, or has the full one fetched. The caller has begun it. Gives whether its parent is not known.
 * @throws as `takeCompactBlock`
 */
export async function rebuild(
  parts: GatewayParts,
  peer: Peer,
  { message, hash }: { readonly message: CompactBlock; readonly hash: Uint8Array },
): Promise<boolean> {
  const filled = await fillCompactBlock(parts, peer, { message, hash })
  if (filled.case === 'full') {
    parts.metrics.verdict(MessageType.COMPACT_BLOCK, 'full')
    fetchFull(parts, peer, hash)
    return false
  }
  return await heed(parts, peer, { ...filled, message, hash })
}

/** The header's hash, once its work is seen: without it nobody makes us or our chain do more. @throws as `takeCompactBlock` */
export function workOf({ params }: Pick<GatewayParts, 'params'>, { header }: CompactBlock): Uint8Array {
  if (header.length !== HEADER_BYTES)
    throw new GatewayError('BAD_REQUEST', `a header has ${HEADER_BYTES} bytes, not ${header.length}`, { score: 100 })
  return checkHeaderInIsolation(decodeHeader(header), networkParams(params.name))
}

/** Blocks that break the rules may have been relayed in good faith: only what a look at the header shows is charged. */
const IN_GOOD_FAITH: ReadonlySet<string> = new Set(['KNOWN_INVALID'])

async function heed(
  parts: GatewayParts,
  peer: Peer,
  {
    verdict,
    whole,
    message,
    hash,
  }: { verdict: AcceptResponse; whole: boolean; message: CompactBlock; hash: Uint8Array },
): Promise<boolean> {
  const { outcome, code, score, detail } = verdict
  const named = outcome === Outcome.OK ? 'ok' : outcome === Outcome.IGNORE ? 'ignore' : 'reject'
  parts.metrics.verdict(MessageType.COMPACT_BLOCK, named)
  if (named === 'reject') {
    parts.blocks.judged(hash)
    if (!whole && !IN_GOOD_FAITH.has(code)) parts.charge(peer, score, `${code}: ${detail}`)
    return false
  }
  if (named === 'ok') {
    peer.usefulMs = parts.clock.nowMs()
    parts.compact.brought(peer)
    // What leads to it, where it is of another branch.
    parts.blocks.want(peer, verdict.wanted)
  }
  if (code === '') {
    parts.compact.done(bytesToHex(hash))
    parts.blocks.judged(hash)
  } else if (code === 'NO_MORE_WORK') await takeHeaders(parts, peer, message.header)
  else if (code === 'BUSY') fetchFull(parts, peer, hash)
  return code === 'UNKNOWN_PARENT'
}

function fetchFull(parts: GatewayParts, peer: Peer, hash: Uint8Array): void {
  parts.compact.end(bytesToHex(hash), peer)
  parts.blocks.want(peer, [hash])
}
