import type { UnbanRequest } from '@camelid/proto/gateway/v1/gateway_pb'
import type { GatewayParts } from '../parts.ts'
import { banSubject } from './ban-subject.ts'

/**
 * Lets a node key or a host in again, its score forgotten.
 * @throws GatewayError BAD_REQUEST
 */
export async function unban({ bans }: GatewayParts, { who }: UnbanRequest): Promise<{ unbanned: boolean }> {
  return { unbanned: await bans.unban(banSubject(who)) }
}
