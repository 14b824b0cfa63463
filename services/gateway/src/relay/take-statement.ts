import { bytesToHex, equalBytes } from '@camelid/crypto'
import { type Frame, floodId, MAX_TTL, NO_ADDRESS } from '@camelid/p2p'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import type { Judgement } from './owner-stream.ts'
import { sendVerdict } from './send-verdict.ts'

/** What the job-pool says of a statement that builds on what is not known here: a job, a commitment, coins, a bond. */
const MISSED: ReadonlySet<string> = new Set([
  'UNKNOWN_JOB',
  'UNKNOWN_COMMITMENT',
  'INSUFFICIENT_FUNDS',
  'BOND_UNKNOWN',
  'CHAIN_AWAY',
  'UNAVAILABLE',
])

/** What the seen-cache knows a statement by: what it says, and to whom. Never the id its sender chose. */
export function seenKey(frame: Pick<Frame, 'type' | 'payload' | 'receiver'>): string {
  return `${bytesToHex(floodId(frame.type, frame.payload))}:${bytesToHex(frame.receiver)}`
}

/**
 * A job or statement from a peer: judged by the job-pool once, told to whom it came from, and passed on where it is good:
 * to its receiver if it has one, to everybody if it has none or its maker flooded it all the same.
 */
export async function takeStatement(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const direct = equalBytes(frame.sender, peer.connection.peerH2)
  const { fresh, judgement } = await judge(parts, peer, { frame, asked: direct, told: false })
  if (direct) sendVerdict(peer, frame, judgement)
  if (fresh) passOn(parts, peer, frame, judgement)
}

/**
 * A statement that a peer told when it was asked what this node missed: judged as if the peer had sent it, and passed on where it is good
 * to those who were our peers at that time, who missed it with us. All others have it, or ask as we did.
 * @param missedMs when it was made or later, Unix milliseconds
 */
export async function takeTold(
  parts: GatewayParts,
  peer: Peer,
  { type, payload, missedMs }: Pick<Frame, 'type' | 'payload'> & { missedMs: number },
): Promise<Judgement> {
  const addresses = { sender: NO_ADDRESS, receiver: NO_ADDRESS }
  const frame = { type, payload, ...addresses, messageId: floodId(type, payload), ttl: MAX_TTL - 1, flood: true }
  const { fresh, judgement } = await judge(parts, peer, { frame, asked: true, told: true })
  if (fresh && judgement.outcome === 'ok')
    parts.peers.flood(frame, peer, ({ connection }) => connection.stats.connectedMs < missedMs)
  return judgement
}

/** The job-pool's word on a statement; what is new has its consequences for who brought it. */
async function judge(
  parts: GatewayParts,
  peer: Peer,
  { frame, asked, told }: { frame: Frame; asked: boolean; told: boolean },
): Promise<{ fresh: boolean; judgement: Judgement }> {
  const { owners, seen, clock, metrics, routes } = parts
  const { type, payload } = frame
  const nowMs = clock.nowMs()
  const { fresh, judgement: judging } = seen.judge(seenKey(frame), { nowMs, asked }, () =>
    owners.judgeStatement(peer.connection.peerH2, { type, payload, told }),
  )
  const judgement = await judging
  if (!fresh) return { fresh, judgement }
  metrics.verdict(type, judgement.outcome)
  if (judgement.outcome === 'reject') parts.charge(peer, judgement.score, `${judgement.code}: ${judgement.detail}`)
  if (judgement.outcome === 'ignore' && MISSED.has(judgement.code)) parts.catchUp.soon(peer)
  if (judgement.outcome === 'ok') {
    peer.usefulMs = nowMs
    routes.learn(frame, peer)
  }
  return { fresh, judgement }
}

function passOn(parts: GatewayParts, from: Peer, frame: Frame, { outcome, code }: Judgement): void {
  const handedIn = !frame.flood && equalBytes(frame.sender, from.connection.peerH2)
  // Handed in by its maker it has its whole way before it; on its way it has used some of it.
  const ttl = handedIn ? MAX_TTL : Math.min(frame.ttl, MAX_TTL) - 1
  if (ttl < 1) return
  if (frame.flood || equalBytes(frame.receiver, NO_ADDRESS)) {
    if (outcome === 'ok') parts.peers.flood(floodOf(frame, ttl), from)
    return
  }
  if (equalBytes(frame.receiver, parts.identity.h2)) return
  // An addressed copy of what we know already still has to reach its receiver. Never by way of all: receivers are free to invent.
  const known = outcome === 'ignore' && code === 'KNOWN'
  if (outcome === 'ok' || known) forward(parts, from, { frame: { ...frame, ttl }, toAll: !known })
}

/** Passes an addressed message on as far as the quota of who brought it allows. */
function forward(parts: GatewayParts, from: Peer, { frame, toAll }: { frame: Frame; toAll: boolean }): void {
  const nowMs = parts.clock.nowMs()
  if (!from.forwarding.open(nowMs)) {
    parts.metrics.dropped(frame.type, 'quota')
    return
  }
  const copies = toAll ? sendAddressed(parts, frame, from) : (sendAlongRoute(parts, frame, from) ?? 0)
  parts.metrics.forwarded(frame.type, copies)
  from.forwarding.spend(copies, frame.payload.length, nowMs)
}

/** Sends a frame to its receiver: directly, along a learned route, or to everybody with a ttl; gives to how many. */
export function sendAddressed(parts: Pick<GatewayParts, 'peers' | 'routes'>, frame: Frame, from?: Peer): number {
  return sendAlongRoute(parts, frame, from) ?? parts.peers.flood(floodOf(frame, frame.ttl), from)
}

/** Undefined where no way is known but the one it came by. */
function sendAlongRoute(
  { peers, routes }: Pick<GatewayParts, 'peers' | 'routes'>,
  frame: Frame,
  from?: Peer,
): number | undefined {
  const via = routes.find(frame.receiver)
  if (via === undefined || via === from) return undefined
  return peers.sendTo(via, { ...frame, flood: false }) ? 1 : 0
}

/** A frame as a flood: its id is that of its content. */
function floodOf(frame: Frame, ttl: number): Frame {
  return { ...frame, flood: true, ttl, messageId: floodId(frame.type, frame.payload) }
}
