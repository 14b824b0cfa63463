import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ListBansResponseSchema } from '@camelid/proto/gateway/v1/gateway_pb'
import type { GatewayParts } from '../parts.ts'
import { whoOf } from './ban-subject.ts'

/** Who is kept out now, the longest first. */
export async function listBans({ bans }: GatewayParts): Promise<MessageInitShape<typeof ListBansResponseSchema>> {
  return {
    bans: bans
      .list()
      .map(({ subject, untilMs, reason }) => ({ who: whoOf(subject), untilMs: BigInt(untilMs), reason })),
  }
}
