import { plainHost, questions, request } from '@camelid/p2p'
import type { GatewayParts } from '../parts.ts'
import { noteAddresses } from '../store/addresses.ts'
import { bucketOf, isTellable, lastSeenMs } from './address-rules.ts'
import type { Peer } from './peer.ts'

const MAX_TAKEN = 100
const ANSWER_MS = 15_000

/** Asks a peer where others are, and keeps what may be true: it is tried before it is told to anybody. */
export async function learnAddresses(parts: GatewayParts, peer: Peer): Promise<void> {
  const { params, clock, sql, signal } = parts
  const { peers } = await request(peer.connection, questions.peers, {}, { timeoutMs: ANSWER_MS, signal })
  const now = clock.nowMs()
  const taken = peers.slice(0, MAX_TAKEN).flatMap((told) => {
    const seen = lastSeenMs(told.lastSeen, now)
    if (seen === undefined || !isTellable(told, params.name)) return []
    const { port, services } = told
    const host = plainHost(told.host)
    return [{ host, port, h2: undefined, services, lastSeenMs: seen, bucket: bucketOf(host) }]
  })
  if (taken.length > 0) await noteAddresses(sql, taken)
}
