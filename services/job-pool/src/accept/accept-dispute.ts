import { sha256 } from '@camelid/crypto'
import type { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { keepMessage } from '../store/kept-messages.ts'

/** Larger ones are not kept: 1,024 of them would fill the database. */
const MAX_KEPT_BYTES = 128 * 1024

/** Claims, counters and attestations: kept within bounds, so that they are not lost to those who will judge them. */
export async function acceptDispute(pool: Pool, type: MessageType, payload: Uint8Array): Promise<Judgement> {
  if (payload.length <= MAX_KEPT_BYTES) {
    await keepMessage(pool.sql, { kind: type, hash: sha256(payload), payload, nowMs: pool.clock.nowMs() })
  }
  return ignore('DISPUTES_NOT_YET', 'this release of the node does not judge disputes')
}
