import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { MessageType, Outcome, VerdictSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Peer } from '../peers/peer.ts'
import type { Judgement } from './owner-stream.ts'

const OUTCOMES = {
  ok: Outcome.OK,
  ignore: Outcome.IGNORE,
  reject: Outcome.REJECT,
  // The peer may try again: the code says why.
  unavailable: Outcome.REJECT,
} as const

/** Tells a peer what became of its message. */
export function sendVerdict(
  peer: Peer,
  answered: Frame,
  judgement: Pick<Judgement, 'outcome' | 'code' | 'detail'>,
): boolean {
  const verdict = create(VerdictSchema, {
    messageId: answered.messageId,
    outcome: OUTCOMES[judgement.outcome],
    code: judgement.code.slice(0, 64),
    detail: judgement.detail.slice(0, 512),
  })
  return peer.connection.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
}
