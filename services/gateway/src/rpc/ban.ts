import type { BanRequest } from '@camelid/proto/gateway/v1/gateway_pb'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import { banText } from '../peers/ban-list.ts'
import { dismiss } from '../peers/peer-table.ts'
import { banSubject } from './ban-subject.ts'

/** Ten years: who wants it longer bans again. */
const MAX_SECONDS = 315_360_000n

/**
 * Keeps a node key or a host out for a time, and ends its connections; saved before it is answered.
 * @throws GatewayError BAD_REQUEST
 */
export async function ban(parts: GatewayParts, request: BanRequest): Promise<{ untilMs: bigint; closed: number }> {
  const subject = banSubject(request.who)
  if (request.seconds < 1n || request.seconds > MAX_SECONDS)
    throw new GatewayError('BAD_REQUEST', `a ban lasts 1 to ${MAX_SECONDS} seconds`)
  const made = await parts.bans.ban(subject, Number(request.seconds) * 1_000, request.reason || 'by the operator')
  const unwanted = parts.peers
    .list()
    .filter(({ h2Hex, connection }) => parts.bans.find({ h2Hex, remote: connection.remote })?.subject === subject)
  for (const peer of unwanted) dismiss(peer, 'BANNED', banText(made))
  return { untilMs: BigInt(made.untilMs), closed: unwanted.length }
}
