import { decodeHeader, HEADER_BYTES, headerHash } from '@camelid/codec'
import { bytesToHex, equalBytes, sha256d } from '@camelid/crypto'
import type { Frame } from '@camelid/p2p'
import { BlockSchema, HeadersSchema, InventorySchema, TransactionSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { retry } from '@camelid/runtime'
import { fetchCompact } from '../compact/fetch-compact.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import type { Judgement } from '../relay/owner-stream.ts'
import { sendVerdict } from '../relay/send-verdict.ts'
import { lastHash, syncHeaders, takeHeaders, wholeHeaders } from './sync-headers.ts'

const MAX_INVENTORY = 1_000
const SYNC_TRIES = 8
const UNCONNECTED_SCORE = 20

/** A peer announces headers: new ones go to the chain; where their parent is missing, the peer is asked for what lies between. */
export async function takeAnnouncement(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { requestId, headers } = readPayload(HeadersSchema, frame)
  // The answer to a question that was given up.
  if (requestId.length > 0 || headers.length === 0) return
  if (!wholeHeaders(headers)) return parts.charge(peer, 100, 'BAD_HEADERS: the announcement is not whole headers')
  const last = lastHash(headers)
  if (last !== undefined) peer.known.add(bytesToHex(last))
  const judge = (): Promise<Judgement> => takeHeaders(parts, peer, headers)
  const alone = headers.length === HEADER_BYTES ? last : undefined
  const judgement = alone === undefined ? await judge() : await fetchCompact(parts, peer, { hash: alone, judge })
  parts.metrics.verdict(frame.type, judgement.outcome)
  if (judgement.code !== 'UNKNOWN_PARENT') return
  await syncWith(parts, peer)
  // Whoever announces a header has what leads to it.
  const again = await takeHeaders(parts, peer, headers)
  if (again.code === 'UNKNOWN_PARENT')
    parts.charge(peer, UNCONNECTED_SCORE, 'UNCONNECTED_HEADERS: announced headers whose parent it does not tell')
}

const syncing = new WeakMap<Peer, Promise<void>>()

/**
 * Brings us up to a peer's headers; one such talk a peer at a time, which all wait for. Where peer or chain do not answer it is tried a
 * few times more: while a node starts, its chain is often the last to be there. Failures are noted, never thrown.
 */
export function syncWith(parts: GatewayParts, peer: Peer): Promise<void> {
  if (!peer.keepsChain) return Promise.resolve()
  const under = syncing.get(peer) ?? talk(parts, peer).finally(() => syncing.delete(peer))
  syncing.set(peer, under)
  return under
}

async function talk(parts: GatewayParts, peer: Peer): Promise<void> {
  const { signal, log } = parts
  try {
    const count = await retry(() => syncInTurn(parts, peer), {
      signal,
      log,
      what: 'headers of a peer',
      attempts: SYNC_TRIES,
      delayMs: 500,
      retryable: () => peer.connection.reason === undefined,
    })
    if (count > 0) log.info({ peer: peer.h2Hex, headers: count }, 'took headers from a peer')
  } catch (error) {
    if (!signal.aborted) log.debug({ err: error, peer: peer.h2Hex }, 'no headers from a peer')
  }
}

/** Waits for its turn anew at every try: who fails has nobody wait. */
async function syncInTurn(parts: GatewayParts, peer: Peer): Promise<number> {
  using term = await parts.headerLead.take()
  return peer.connection.reason === undefined ? await syncHeaders(parts, peer, term) : 0
}

/** After our chain was away: what peers announced meanwhile went by it, and nobody announces twice. */
export function syncWithAll(parts: GatewayParts): void {
  void parts.wanted.ask()
  for (const peer of parts.peers.list()) void syncWith(parts, peer)
}

/** A block that was asked for. Frames behind it are read on: how many may come is bounded by how many are asked for. */
export function takeBlock(parts: GatewayParts, peer: Peer, frame: Frame): void {
  const { block } = readPayload(BlockSchema, frame)
  if (block.length < 80) {
    parts.charge(peer, 100, 'BAD_BLOCK: shorter than a header')
    return
  }
  const header = decodeHeader(block.subarray(0, 80))
  const hash = headerHash(header)
  peer.known.add(bytesToHex(hash))
  parts.blocks.came({ peer, hash, prevHash: header.prevHash, raw: block })
}

/** A transaction, handed in by its maker or asked for: the chain's word on it goes back to its maker, its inventory goes on by the event. */
export async function takeTransaction(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { transaction } = readPayload(TransactionSchema, frame)
  const txid = sha256d(transaction)
  const key = bytesToHex(txid)
  parts.inventory.knows(peer, key)
  const asked = parts.transactions.came(key, peer)
  const judgement = await parts.owners.judgeChain(peer.connection.peerH2, { case: 'transaction', value: transaction })
  parts.metrics.verdict(frame.type, judgement.outcome)
  if (judgement.outcome === 'ok') {
    peer.usefulMs = parts.clock.nowMs()
    parts.transactions.took(key)
    parts.transactions.recent.add(key, transaction)
    parts.inventory.tell([txid])
  } else if (judgement.outcome === 'reject')
    parts.charge(peer, judgement.score, `${judgement.code}: ${judgement.detail}`)
  if (!asked && equalBytes(frame.sender, peer.connection.peerH2)) sendVerdict(peer, frame, judgement)
}

/** A peer has transactions: those that we lack are asked for. */
export function takeInventory(parts: GatewayParts, peer: Peer, frame: Frame): void {
  const { txids } = readPayload(InventorySchema, frame)
  if (txids.length > MAX_INVENTORY || txids.some((txid) => txid.length !== 32)) {
    parts.charge(peer, 20, 'BAD_INVENTORY: too many txids, or no txids')
    return
  }
  const keys = txids.map(bytesToHex)
  for (const key of keys) parts.inventory.knows(peer, key)
  parts.transactions.heard(peer, keys)
}
